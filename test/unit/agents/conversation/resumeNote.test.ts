import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openConversation } from '../../../../src/core/agents/conversation/conversation.ts';
import { FileDesk } from '../../../../src/core/agents/files/fileDesk.ts';
import { approveDirectory, approveRule } from '../../../../src/core/permissions/approvals.ts';
import { resumeSession } from '../../../../src/core/sessions/resumeSession.ts';
import { journalTask } from '../../../../src/core/sessions/sessionTasks.ts';
import { SessionStore } from '../../../../src/core/sessions/sessionStore.ts';
import { start, untilOver } from '../../../support/taskHost.ts';
import { scriptedModel, text } from './scriptedModel.ts';
import { startTalk, type Talk } from './talk.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Comes back to the session as another window would. */
function comeBack({ host }: Talk) {
  const store = new SessionStore(host);
  const { journal, summary, lease } = resumeSession(store, 'talk');
  lease.dispose();
  const conversation = openConversation({ host, store, journal, reader: 'chat' });
  return { conversation, note: conversation.noteResume(summary) };
}

describe('coming back to a conversation', () => {
  it('tells the model what has changed, once, before the next prompt', async (test) => {
    let offsetMs = 0;
    const talk = await startTalk(test, { clock: { now: () => Date.now() + offsetMs } });
    const { host, conversation } = talk;
    const { folder } = host.workspace;
    const { journal, history } = conversation;
    const desk = new FileDesk({ workspace: host.workspace, journal, seen: history.seenFiles });
    for (const name of ['same', 'changed', 'gone']) {
      const file = path.join(folder, name);
      writeFileSync(file, name);
      const loaded = await desk.load(file);
      assert.ok(loaded);
      desk.noteSeen(loaded);
    }
    const task = await start(host, 'echo one; echo two', { session: 'talk' });
    journalTask(host, 'talk', task);
    await untilOver(host, task);
    approveRule({ workspace: host.workspace, journal }, 'Bash(npm test)', 'allow', {
      by: 'test',
      nowMs: host.clock.now(),
    });
    mkdirSync(path.join(folder, 'extra'));
    approveDirectory({ workspace: host.workspace, journal }, path.join(folder, 'extra'), {
      by: 'test',
      nowMs: host.clock.now(),
      expiresAfterDays: 300,
    });
    writeFileSync(path.join(folder, 'changed'), 'otherwise');
    rmSync(path.join(folder, 'gone'));
    rmSync(path.join(folder, 'extra'), { recursive: true });
    offsetMs = 31 * DAY_MS;

    const { conversation: resumed, note = '' } = comeBack(talk);
    assert.match(note, new RegExp(`read them again[^\n]*: ${folder}/changed\\.`));
    assert.match(note, new RegExp(`Gone: ${folder}/gone\\.`));
    assert.match(note, /Unchanged: the other 1 files/);
    assert.match(
      note,
      /bash_1 \(echo one; echo two\) has ended with exit code 0; 2 new lines of output\./,
    );
    assert.match(note, /expired: Bash\(npm test\)/);
    assert.match(note, /approved directory .*extra is gone/);

    const model = scriptedModel([[text('ok')]]);
    await talk.turn(model, 'go on', { conversation: resumed });
    const [first] = model.requests[0]?.messages ?? [];
    assert.match(JSON.stringify(first), /<holdfast-note>.*goes on after a break.*go on/);
  });

  it('says nothing when there is nothing to say', async (test) => {
    const talk = await startTalk(test);
    await talk.turn(scriptedModel([[text('ok')]]), 'hello');
    assert.equal(comeBack(talk).note, undefined);
  });

  it('lets it edit a file that it has read before the break', async (test) => {
    const talk = await startTalk(test);
    const { host, conversation } = talk;
    const file = path.join(host.workspace.folder, 'a.txt');
    writeFileSync(file, 'one\n');
    const desk = (of: typeof conversation) =>
      new FileDesk({
        workspace: host.workspace,
        journal: of.journal,
        seen: of.history.seenFiles,
      });
    const before = desk(conversation);
    const loaded = await before.load(file);
    assert.ok(loaded);
    before.noteSeen(loaded);

    const after = desk(comeBack(talk).conversation);
    const known = await after.load(file);
    assert.ok(known);
    after.requireSeen(known);
    // Saved by the user in the editor: in the session's journal as well, but not seen by the agent.
    writeFileSync(file, 'two\n');
    conversation.append({ type: 'file', path: file, how: 'modified', hash: 'of two' });
    const changed = await after.load(file);
    assert.ok(changed);
    assert.throws(() => {
      after.requireSeen(changed);
    }, /not as you have read it/);
  });
});
