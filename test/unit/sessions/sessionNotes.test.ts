import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { renameSession } from '../../../src/core/sessions/sessionEdits.ts';
import { NOTES_FILE, writeSessionNotes } from '../../../src/core/sessions/sessionNotes.ts';
import {
  createSessions,
  createWith,
  userMessage,
  type TestSessions,
} from '../../support/sessions.ts';

function write(sessions: TestSessions): string {
  const record = sessions.store.record('s', { withMessages: true });
  return readFileSync(writeSessionNotes(sessions.folder, record, sessions.clock.nowMs), 'utf8');
}

describe('writeSessionNotes', () => {
  it('writes title, goals, notes, tasks, files and last messages', async (t) => {
    const sessions = await createSessions(t);
    createWith(sessions, 's', [
      { type: 'title', title: 'Parser', by: 'user' },
      { type: 'goal', text: 'ship' },
      { type: 'note', text: 'Buy milk & *bread*' },
      { type: 'task', id: 'bash_1', command: 'make' },
      { type: 'file', path: '/a', how: 'created' },
      userMessage('Do it'),
    ]);
    const text = write(sessions);
    for (const part of [
      '## Parser',
      '- [ ] ship',
      String.raw`### Notes` + '\n\n' + String.raw`- Buy milk & \*bread\*`,
      '| bash_1 |',
      '`/a` (created)',
      '**user**: Do it',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('keeps what the user wrote around it, with line ends and mode of the file', async (t) => {
    const sessions = await createSessions(t);
    const file = path.join(sessions.folder, NOTES_FILE);
    createWith(sessions, 's', [{ type: 'title', title: 'One', by: 'user' }]);
    writeFileSync(file, '# Mine\r\n\r\nbefore\r\n');
    chmodSync(file, 0o640);
    writeFileSync(file, `${write(sessions)}after\r\n`);
    renameSession(sessions.host, 's', 'Two');
    const text = write(sessions);
    assert.ok(text.startsWith('# Mine\r\n\r\nbefore\r\n'));
    assert.ok(text.endsWith('after\r\n'));
    assert.ok(text.includes('Two') && !text.includes('One'));
    assert.equal(/[^\r]\n/.test(text), false);
    assert.equal(statSync(file).mode & 0o777, 0o640);
  });

  it('keeps what the user wrote into the generated part, but no formatting of it', async (t) => {
    const sessions = await createSessions(t);
    const file = path.join(sessions.folder, NOTES_FILE);
    createWith(sessions, 's', [
      { type: 'title', title: 'One', by: 'user' },
      { type: 'goal', text: 'ship' },
      { type: 'task', id: 'bash_1', command: 'make' },
    ]);
    const formatted = write(sessions)
      .replace('| --- | --- | --- | --- |', '|------|--------|-----------|---------|')
      .replace('- [ ] ship', '*   [ ] ship');
    writeFileSync(file, formatted);
    const updated = write(sessions);
    assert.equal(updated.match(/ship/g)?.length, 1);
    writeFileSync(file, updated.replace('- [ ] ship', '- [ ] ship\n- [ ] ask Ana first'));
    renameSession(sessions.host, 's', 'Two');
    const text = write(sessions);
    assert.match(text, /## Two[^]*holdfast:end -->[^]*ask Ana first/);
    // From now on that is the user's own text.
    assert.equal(write(sessions), text);
    renameSession(sessions.host, 's', 'Three');
    assert.equal(write(sessions).match(/ask Ana first/g)?.length, 1);
  });

  it('does not take text for its own behind half a block, or a title for a mark', async (t) => {
    const sessions = await createSessions(t);
    const file = path.join(sessions.folder, NOTES_FILE);
    createWith(sessions, 's', [userMessage('<!-- holdfast:end --> x')]);
    writeFileSync(file, '<!-- holdfast:begin -->\nmine\n');
    write(sessions);
    const text = write(sessions);
    assert.ok(text.startsWith('<!-- holdfast:begin -->\nmine\n'));
    assert.equal(text.match(/holdfast:end/g)?.length, 1);
    assert.equal(text, write(sessions));
  });
});
