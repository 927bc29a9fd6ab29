// Makes a store as this version writes it, to be kept for ever as `v<schema>`. One that was kept is never made again.
//   node --import tsx test/support/makeState.ts DIRECTORY
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../src/core/common/log.ts';
import { addApproval } from '../../src/core/permissions/approvalFile.ts';
import { branchSession } from '../../src/core/sessions/branchSession.ts';
import { compressJournal } from '../../src/core/sessions/compressJournal.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import type { NewLine } from '../../src/core/sessions/journalLines.ts';
import { sessionFilesOf } from '../../src/core/sessions/sessionFiles.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import { journalTask, noteEndedTasks } from '../../src/core/sessions/sessionTasks.ts';
import type { Workspace } from '../../src/core/store/workspace.ts';
import { writeCursor } from '../../src/core/tasks/cursors.ts';
import { killTask } from '../../src/core/tasks/killTask.ts';
import { listTasks } from '../../src/core/tasks/listTasks.ts';
import { renameTask } from '../../src/core/tasks/pruneTasks.ts';
import { restartTask } from '../../src/core/tasks/restartTask.ts';
import { startTask } from '../../src/core/tasks/startTask.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { defaultPolicy, type TaskSnapshot } from '../../src/core/tasks/types.ts';
import { keeperSources, untilOver } from './taskHost.ts';

const FOLDER = '/home/dev/shop';
const START_MS = Date.parse('2026-01-02T03:04:05.000Z');

/** A minute later at each look, so that the times tell the order. */
function createHost(home: string): TaskHost {
  const hash = createHash('sha256').update(FOLDER).digest('hex').slice(0, 12);
  const workspace: Workspace = {
    home,
    folder: FOLDER,
    directory: path.join(home, 'workspaces', `shop-${hash}`),
  };
  let nowMs = START_MS;
  return {
    workspace,
    scriptsDirectory: keeperSources,
    nodeExecutable: process.execPath,
    face: 'cli',
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', API_TOKEN: 'hunter2' },
    clock: { now: () => (nowMs += 60_000) },
    log: silentLog,
  };
}

function startLine(host: TaskHost, line: string, session: string): Promise<TaskSnapshot> {
  return startTask(host, {
    command: { kind: 'line', line },
    shell: '/bin/sh',
    cwd: '/',
    session,
    policy: defaultPolicy,
    retention: { maxTasks: 1000, maxAgeDays: 7 },
  });
}

/** One that was completed and run again, one that was killed, and one that was lost. */
async function makeTasks(host: TaskHost, session: string): Promise<void> {
  const built = await startLine(host, 'echo building; echo done >&2; exit 3', session);
  journalTask(host, session, built);
  const { task } = await restartTask(host, await untilOver(host, built));
  await untilOver(host, task);
  renameTask(task, 'build');
  writeCursor(task.directory, 'vscode', 9);
  const server = await startLine(host, 'echo ready; exec sleep 300', session);
  journalTask(host, session, server);
  await killTask(host, server, {});
  const lost = await startLine(host, 'exec sleep 301', session);
  journalTask(host, session, lost);
  // Whoever could tell how the command ended goes first.
  const { keeper, runner, command } = lost.processes ?? {};
  for (const identity of [keeper, runner, command]) {
    if (identity !== undefined) process.kill(identity.pid, 'SIGKILL');
  }
  await untilOver(host, lost);
  noteEndedTasks(new SessionStore(host), listTasks(host.workspace, Date.now()).tasks);
}

function linesOf(folder: string): NewLine[] {
  const file = path.posix.join(folder, 'src/cart.ts');
  return [
    { type: 'title', title: 'The cart forgets its items', by: 'user' },
    { type: 'agent', name: 'claude-code', sessionId: '0b2c4f0e-6d0a-4d5e-9d3c-1f2a3b4c5d6e' },
    {
      type: 'message',
      role: 'user',
      parts: [{ type: 'text', text: 'Why is the cart empty after a reload? Größe 寸法' }],
    },
    {
      type: 'message',
      role: 'assistant',
      parts: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool-call', id: 'call_1', name: 'Read', input: { path: file } },
      ],
    },
    {
      type: 'message',
      role: 'tool',
      parts: [{ type: 'tool-result', id: 'call_1', output: 'export const cart = [];' }],
    },
    { type: 'file', path: file, how: 'read', mtimeMs: START_MS, hash: 'a'.repeat(64) },
    { type: 'file', path: file, how: 'modified', mtimeMs: START_MS + 1, sizeBytes: 23 },
    { type: 'file', path: path.posix.join(folder, 'src/store.ts'), how: 'created' },
    { type: 'cwd', path: path.posix.join(folder, 'src') },
    { type: 'env', set: { NODE_ENV: 'test', API_TOKEN: 'hunter2' }, unset: ['CI'] },
    { type: 'permission', rule: 'Bash(git:*)', decision: 'allow', by: 'user', scope: 'session' },
    { type: 'permission', rule: 'Bash(rm:*)', decision: 'deny', by: 'user' },
    { type: 'permission', rule: 'Edit', decision: 'allow', by: 'user' },
    { type: 'permission', rule: 'Edit', revoke: true, by: 'user' },
    {
      type: 'permission',
      directory: '/home/dev/shared',
      realPath: '/home/dev/shared',
      decision: 'allow',
      by: 'user',
      expiresAt: '2026-03-01T00:00:00.000Z',
    },
    { type: 'note', text: 'The store is written too late.' },
    { type: 'goal', text: 'Items survive a reload' },
    { type: 'goal', text: 'A test shows it', isDone: true },
    { type: 'summary', text: 'The cart was saved on unload, which never came.' },
    { type: 'pin', isPinned: true },
    { type: 'resumed', by: 'vscode' },
    { type: 'output-read', task: 'bash_1', reader: 'cli', offset: 9 },
    { type: 'output-read', task: 'bash_1', reader: 'agent', offset: 14 },
  ];
}

async function makeState(home: string): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const host = createHost(home);
  const store = new SessionStore(host);
  createSession(host, { id: 'project-main' });
  await makeTasks(host, 'project-main');
  const journal = new Journal(host, 'project-main');
  for (const line of linesOf(FOLDER)) journal.append(line);
  branchSession(store, 'project-main', { id: 'project-try' });
  const uuid = createSession(host, { id: '5d1c2f3a-0b4e-4c6d-8e7f-9a0b1c2d3e4f', title: 'Old' });
  new Journal(host, uuid).append({
    type: 'message',
    role: 'user',
    parts: [{ type: 'text', text: 'compressed' }],
  });
  compressJournal(sessionFilesOf(host.workspace, uuid));
  const torn = createSession(host, { id: 'torn' });
  new Journal(host, torn).append({ type: 'note', text: 'whole' });
  appendFileSync(sessionFilesOf(host.workspace, torn).plain, '{"v":1,"w":"x","n":1,"t":"20');
  const nowMs = host.clock.now();
  addApproval(
    host.workspace,
    { rule: 'Bash(npm run test:*)', decision: 'allow', by: 'user', expiresAtMs: nowMs + 1e9 },
    nowMs,
  );
  addApproval(
    host.workspace,
    { rule: 'Bash(curl:*)', decision: 'deny', by: 'user', expiresAtMs: undefined },
    nowMs,
  );
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Name the directory to make it in.');
await makeState(path.resolve(directory));
