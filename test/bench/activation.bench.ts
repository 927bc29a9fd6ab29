// What a start of the window costs with 1,000 tasks in the workspace: our own time in a real extension host.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureWorkspace, workspaceOf } from '../../src/core/store/workspace.ts';
import { Editor } from '../e2e/support/editor.ts';
import { waitFor } from '../support/waitFor.ts';
import { writeFinishedTask } from './support/finishedTask.ts';
import { heading, median, row, target } from './support/report.ts';

const TASKS = 1000;
const ROUNDS = 5;

interface Start {
  readonly activateMs: number;
  readonly openMs: number;
  readonly loadMs: number;
}

/** What each start said of itself in the channel "Holdfast", oldest first. */
function readStarts(serverDataDir: string): Start[] {
  const names = readdirSync(serverDataDir, { recursive: true, encoding: 'utf8' });
  const logs = names.filter((name) => /holdfast.*\bHoldfast\.log$/i.test(name)).sort();
  return logs.flatMap((name) => {
    const text = readFileSync(path.join(serverDataDir, name), 'utf8');
    const ms = (event: string, field: string): number[] =>
      [...text.matchAll(new RegExp(`${event} (\\{.*\\})`, 'g'))].map(([, json = '{}']) =>
        Number((JSON.parse(json) as Record<string, unknown>)[field]),
      );
    const opens = ms('window.opened', 'durationMs');
    const loads = ms('tasks.loaded', 'afterMs');
    return ms('activated', 'durationMs').flatMap((activateMs, index) => {
      const [openMs, loadMs] = [opens[index], loads[index]];
      return openMs === undefined || loadMs === undefined ? [] : [{ activateMs, openMs, loadMs }];
    });
  });
}

const scratch = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
const editor = new Editor(scratch, {});
try {
  mkdirSync(editor.workspace, { recursive: true });
  mkdirSync(editor.home, { mode: 0o700 });
  const workspace = workspaceOf(editor.home, editor.workspace);
  ensureWorkspace(workspace, Date.now());
  for (let number = 1; number <= TASKS; number += 1) writeFinishedTask(workspace, number);
  await editor.start();
  const window = await editor.openWindow();
  for (let round = 1; round <= ROUNDS; round += 1) {
    await waitFor(() => readStarts(editor.serverDataDir).length >= round, { deadlineMs: 60_000 });
    if (round < ROUNDS) await window.reload();
  }
  const starts = readStarts(editor.serverDataDir);
  const of = (field: keyof Start): number => median(starts.map((start) => start[field]));
  heading(`Start of a window with ${TASKS} tasks, ms (median of ${starts.length})`);
  row('activate()', { ms: of('activateMs') });
  row('store opened', { ms: of('openMs') });
  row('all tasks read, in slices', { ms: of('loadMs') });
  target('activation below 50 ms', of('activateMs') + of('openMs') < 50);
} finally {
  await editor.stop('activation');
  rmSync(scratch, { recursive: true, force: true });
}
