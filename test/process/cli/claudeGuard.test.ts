import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { guardTranscripts } from '../../../src/core/agents/claude-code/transcripts/guardTranscripts.ts';
import { silentLog } from '../../../src/core/common/log.ts';
import { ensureWorkspace, workspaceOf } from '../../../src/core/store/workspace.ts';
import {
  readWorkspaceSettings,
  writeWorkspaceSettings,
} from '../../../src/core/store/workspaceSettings.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';
import { TranscriptWriter } from '../../unit/agents/transcripts/support.ts';
import { commandLine, type CommandLine } from './support/commandLine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Place {
  readonly cli: CommandLine;
  readonly transcript: string;
  readonly id: string;
  /** What it was before it was deleted. */
  readonly text: string;
  guard(...args: string[]): Promise<unknown>;
}

/** A transcript that was deleted 40 days ago, and whose only copy is ours. */
async function deletedLongAgo(test: Cleanup): Promise<Place> {
  const cli = await commandLine(test);
  const claudeDirectory = await tempDir(test, 'holdfast-claude-');
  const clock = { now: () => Date.now() - 40 * DAY_MS };
  const host = { home: cli.home, claudeDirectory, clock, log: silentLog };
  const writer = new TranscriptWriter({ claudeDirectory, folder: cli.workspace });
  writer.prompt('the word is alder');
  await guardTranscripts(host);
  const text = readFileSync(writer.path, 'utf8');
  rmSync(writer.path);
  await guardTranscripts(host);
  const env = { CLAUDE_CONFIG_DIR: claudeDirectory };
  return {
    cli,
    transcript: writer.path,
    id: writer.id,
    text,
    guard: (...args) => cli.json(['claude', 'guard', ...args], { env }),
  };
}

/** As a window of the editor leaves word of it. */
function setRetention({ cli }: Place, folder: string, sessionRetentionDays: number): void {
  const workspace = workspaceOf(cli.home, folder);
  ensureWorkspace(workspace, Date.now());
  writeWorkspaceSettings(workspace, { ...readWorkspaceSettings(workspace), sessionRetentionDays });
}

async function damageOf(place: Place): Promise<readonly unknown[]> {
  const { damage } = (await place.guard()) as { damage: readonly unknown[] };
  return damage;
}

describe('the copy of a transcript that was deleted long ago', () => {
  it('is restored, however old it is', async (test) => {
    const place = await deletedLongAgo(test);
    setRetention(place, place.cli.workspace, 7);
    await place.guard('restore', place.id);
    assert.equal(readFileSync(place.transcript, 'utf8'), place.text);
  });

  it('is kept as long as the folder that keeps longest wants', async (test) => {
    const place = await deletedLongAgo(test);
    const other = await tempDir(test);
    setRetention(place, place.cli.workspace, 7);
    setRetention(place, other, 90);
    assert.equal((await damageOf(place)).length, 1);
    setRetention(place, other, 35);
    assert.deepEqual(await damageOf(place), []);
    assert.ok(!existsSync(place.transcript));
  });

  it('is kept for 30 days where nothing is set', async (test) => {
    assert.deepEqual(await damageOf(await deletedLongAgo(test)), []);
  });
});
