import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { guardInThread } from '../../../../src/core/agents/claude-code/transcripts/guardInThread.ts';
import { listTranscripts } from '../../../../src/core/agents/claude-code/transcripts/listTranscripts.ts';
import { listMirrors } from '../../../../src/core/agents/claude-code/transcripts/mirror.ts';
import { SummaryCache } from '../../../../src/core/agents/claude-code/transcripts/summaryCache.ts';
import { TranscriptWriter, transcriptPlace } from './support.ts';

const script = path.resolve(import.meta.dirname, '../../../../dist/guard.cjs');

test('a thread of its own brings the list up to date, and guards if it is to', async (t) => {
  const place = await transcriptPlace(t);
  new TranscriptWriter(place).prompt('from the thread');
  const { home, claudeDirectory } = place;
  const task = { home, claudeDirectory, retentionDays: 30 };
  const looked = await guardInThread(script, { ...task, isGuarding: false });
  assert.deepEqual(looked, { transcripts: 0, copied: 0 });
  assert.deepEqual(listMirrors(home), []);
  const [listed] = listTranscripts({ claudeDirectory }, new SummaryCache(home));
  assert.equal(listed?.isStale, false);
  assert.equal(listed.firstPrompt, 'from the thread');
  const guarded = await guardInThread(script, { ...task, isGuarding: true });
  assert.deepEqual(guarded, { transcripts: 1, copied: 1 });
  assert.equal(listMirrors(home).length, 1);
});
