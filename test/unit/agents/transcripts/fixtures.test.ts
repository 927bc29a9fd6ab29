// What the real program wrote, with its own texts taken out: each version's format is understood.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  detailsOf,
  summaryOf,
} from '../../../../src/core/agents/claude-code/transcripts/foldTranscript.ts';
import { scanTranscript } from '../../../../src/core/agents/claude-code/transcripts/scanTranscript.ts';
import { statTranscript } from '../../../../src/core/agents/claude-code/transcripts/transcriptFiles.ts';
import { tempDir } from '../../../support/tempDir.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/claude');
const ID = '11111111-2222-4333-8444-555555555555';

void describe('a transcript written by Claude Code', () => {
  for (const version of ['2.1.197', '2.1.330']) {
    test(version, async (t) => {
      const directory = path.join(await tempDir(t), '-home-project');
      mkdirSync(directory);
      const transcript = path.join(directory, `${ID}.jsonl`);
      copyFileSync(path.join(fixtures, `transcript-${version}.jsonl`), transcript);
      const file = statTranscript(transcript);
      assert.ok(file !== undefined);
      const { state, offset } = scanTranscript(file);
      const summary = summaryOf(state);
      assert.equal(offset, file.sizeBytes);
      assert.equal(summary.damagedLines, 0);
      assert.equal(summary.title, 'forest walk');
      assert.equal(summary.cwd, '/home/project');
      assert.equal(summary.version, version);
      assert.match(summary.firstPrompt ?? '', /^look around/);
      assert.equal(summary.pendingTool, undefined);
      const { files, tasks } = detailsOf(state);
      assert.deepEqual(files, {
        read: [],
        modified: ['/home/project/old.txt'],
        created: ['/home/project/new.txt'],
      });
      assert.deepEqual(
        tasks.map(({ command }) => command),
        ['sleep 1'],
      );
    });
  }
});
