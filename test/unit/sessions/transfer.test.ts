import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { exportMarkdown, exportSession } from '../../../src/core/sessions/exportSession.ts';
import { importSession } from '../../../src/core/sessions/importSession.ts';
import { rerootPath } from '../../../src/core/sessions/rerootPath.ts';
import {
  createSessions,
  createWith,
  userMessage,
  type TestSessions,
} from '../../support/sessions.ts';

function createFull(sessions: TestSessions): void {
  const inside = path.join(sessions.folder, 'src/a.ts');
  createWith(sessions, 'main', [
    { type: 'title', title: 'A | B `c` <!-- x', by: 'user' },
    userMessage('Look at ```this```'),
    {
      type: 'message',
      role: 'assistant',
      parts: [{ type: 'tool-call', id: 'c', name: 'Bash', input: { command: 'ls' } }],
    },
    {
      type: 'message',
      role: 'tool',
      parts: [{ type: 'tool-result', id: 'c', output: '```\nfence\n```', isError: true }],
    },
    { type: 'file', path: inside, how: 'modified', mtimeMs: 5, hash: 'h', sizeBytes: 1 },
    { type: 'file', path: '/etc/hosts', how: 'read' },
    { type: 'permission', rule: 'Bash(git:*)', decision: 'allow', by: 'user' },
    { type: 'env', set: { EDITOR: 'vi', DATABASE_PASSWORD: 'hunter2' } },
    { type: 'task', id: 'bash_3', command: 'npm run dev | tee log' },
    { type: 'goal', text: 'ship', isDone: false },
  ]);
}

describe('exportSession', () => {
  it('has the shape that is documented', async (t) => {
    const sessions = await createSessions(t);
    createFull(sessions);
    const record = exportSession(sessions.store, 'main');
    assert.equal(record.sessionId, 'main');
    assert.equal(record.workspace, sessions.folder);
    assert.equal(record.startTime, '2026-01-02T03:04:05.000Z');
    assert.equal(record.parent, null);
    assert.equal(record.messages.length, 3);
    assert.deepEqual(record.backgroundTasks['bash_3']?.status, 'lost');
    assert.deepEqual(record.fileContext.read, ['/etc/hosts']);
    assert.deepEqual(record.permissions.approvedTools, ['Bash(git:*)']);
    assert.deepEqual(record.permissions.directories, []);
  });

  it('has no value that looks secret, wherever that came from', async (t) => {
    const sessions = await createSessions(t);
    createFull(sessions);
    const record = exportSession(sessions.store, 'main');
    assert.equal(JSON.stringify(record).includes('hunter2'), false);
    assert.deepEqual(record.environment.secretNames, ['DATABASE_PASSWORD']);
  });

  it('is a document whose code ends where it should', async (t) => {
    const sessions = await createSessions(t);
    createFull(sessions);
    const text = exportMarkdown(sessions.store, 'main');
    assert.match(text, /^# A \\\| B \\`c\\` \\<!-- x$/m);
    assert.match(text, /^````\n```\nfence\n```\n````$/m);
    assert.match(text, /^\| bash_3 \| lost \| {2}\| `npm run dev \\\| tee log` \|$/m);
    assert.match(text, /^- \[ \] ship$/m);
  });
});

describe('a session as a document', () => {
  it('gives a terminal nothing to obey, and no way out of a fence', async (t) => {
    const sessions = await createSessions(t);
    const parts = [
      { type: 'text', text: 'see \u001b]52;c;eA==\u0007this\r\nand \u009b31mthat' },
      { type: 'tool-result', id: 'a', output: '\u001b[2Jone\n``\u001b[0m`\ntwo' },
    ];
    createWith(sessions, 'main', [
      { type: 'title', title: 'A\u001b]0;title\u0007', by: 'user' },
      { type: 'message', role: 'assistant', parts },
    ]);
    const text = exportMarkdown(sessions.store, 'main');
    assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
    assert.match(text, /^see this\nand that$/m);
    assert.match(text, /^````\none\n```\ntwo\n````$/m);
  });
});

describe('importSession', () => {
  it('moves paths into this folder, loses tasks, and takes no approvals and variables over', async (t) => {
    const from = await createSessions(t);
    const to = await createSessions(t);
    createFull(from);
    const result = importSession(to.host, JSON.stringify(exportSession(from.store, 'main')));
    assert.deepEqual(result, {
      id: 'main',
      idBefore: undefined,
      messageCount: 3,
      taskCount: 1,
      droppedPermissionCount: 1,
    });
    const record = to.store.record('main', { withMessages: true });
    assert.equal(record.cwd, to.folder);
    assert.equal(record.workspace, to.folder);
    assert.deepEqual(record.fileContext.modified, [path.join(to.folder, 'src/a.ts')]);
    assert.deepEqual(record.fileContext.read, ['/etc/hosts']);
    assert.deepEqual(record.permissions.details, []);
    assert.deepEqual(record.environment.set, {});
    assert.equal(record.backgroundTasks['imported_bash_3']?.status, 'lost');
    const messages = exportSession(from.store, 'main').messages;
    assert.deepEqual(record.messages, messages);
    assert.equal(record.title, 'A | B `c` <!-- x');
  });

  it('gives a new id where its own is taken', async (t) => {
    const sessions = await createSessions(t);
    createFull(sessions);
    const result = importSession(
      sessions.host,
      `\uFEFF${JSON.stringify(exportSession(sessions.store, 'main'))}`,
    );
    assert.notEqual(result.id, 'main');
    assert.equal(result.idBefore, 'main');
    assert.equal(sessions.store.record(result.id).messageCount, 3);
  });

  it('takes the least that a record can be, and an id only if it is one', async (t) => {
    const sessions = await createSessions(t);
    const { id } = importSession(sessions.host, '{"sessionId":"../../evil"}');
    assert.match(id, /^[0-9a-f-]{36}$/);
  });

  it('says why something is no session', async (t) => {
    const sessions = await createSessions(t);
    for (const text of ['', 'x', '[]', '{}', '{"sessionId":"a","messages":[{"role":"robot"}]}']) {
      assert.throws(
        () => importSession(sessions.host, text),
        (error) => HoldfastError.is(error, 'session.importInvalid'),
        text,
      );
    }
    assert.deepEqual(sessions.store.list().sessions, []);
  });
});

describe('rerootPath', () => {
  it('moves only what lies inside, from either system', () => {
    assert.equal(rerootPath('/a/b/c', '/a/b', '/x'), path.join('/x', 'c'));
    assert.equal(rerootPath('/a/bc', '/a/b', '/x'), '/a/bc');
    assert.equal(rerootPath('/a/b/../../etc', '/a/b', '/x'), '/a/b/../../etc');
    assert.equal(
      rerootPath(String.raw`C:\Work\P\Src\a.ts`, 'c:/work/p', '/x'),
      path.join('/x', 'Src', 'a.ts'),
    );
    assert.equal(rerootPath('rel/x', 'rel', '/x'), 'rel/x');
  });
});
