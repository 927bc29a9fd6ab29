import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  counted,
  dayGroup,
  dayHeading,
  listed,
  sessionName,
  untilText,
  whenText,
} from '../../../src/vscode/sessions/sessionWords.ts';

const now = new Date(2026, 10, 18, 15, 30).getTime();
const at = (...parts: [number, number, number, number?, number?]): number =>
  new Date(...parts).getTime();

describe('sessions in words', () => {
  it('have a name: the title, else how they began, else an id that somebody chose', () => {
    const id = '0c5a1f6e-1111-4222-8333-444455556666';
    const bare = { id, title: undefined, firstPrompt: undefined };
    assert.equal(sessionName({ ...bare, title: ' A\n title ', firstPrompt: 'x' }), 'A title');
    assert.equal(sessionName({ ...bare, firstPrompt: 'Fix it' }), 'Fix it');
    assert.equal(sessionName(bare), 'Untitled session 0c5a');
    assert.equal(sessionName({ ...bare, id: 'project-main' }), 'project-main');
    assert.equal(sessionName({ ...bare, parent: 'project-main' }), 'project-main (branch)');
  });

  it('are grouped by the days of the calendar, not by hours', () => {
    assert.equal(dayGroup(at(2026, 10, 18, 0, 1), now), 'Today');
    assert.equal(dayGroup(at(2026, 10, 17, 23, 59), now), 'Yesterday');
    assert.equal(dayGroup(at(2026, 10, 11), now), 'Last week');
    assert.equal(dayGroup(at(2026, 10, 10), now), 'Older');
    assert.equal(dayGroup(now + 60 * 60 * 1000, now), 'Today', 'a clock that was wrong');
  });

  it('are told by day in a list', () => {
    assert.equal(dayHeading(now, now), 'Today');
    assert.match(dayHeading(at(2026, 10, 16, 9), now), /^Monday,? 16 November$/);
    assert.equal(dayHeading(at(2026, 8, 1), now), 'September 2026');
  });

  it('say when they were worked on', () => {
    assert.equal(whenText(now - 5000, now), 'just now');
    assert.equal(whenText(now - 5 * 60_000, now), '5 min ago');
    assert.equal(whenText(at(2026, 10, 18, 9, 5), now), '09:05');
    assert.equal(whenText(at(2026, 10, 17, 9, 5), now), 'yesterday 09:05');
    assert.equal(whenText(at(2026, 10, 1), now), '1 Nov');
    assert.equal(whenText(at(2025, 10, 1), now), '1 Nov 2025');
  });

  it('say until when something holds', () => {
    assert.equal(untilText(now - 1, now), 'now');
    assert.equal(untilText(now + 90_000, now), 'in 1 min');
    assert.equal(untilText(now + 5 * 60 * 60_000, now), 'in 5 h');
    assert.equal(untilText(now + 12.5 * 24 * 60 * 60_000, now), 'in 12 days');
  });

  it('count and list as people do', () => {
    assert.equal(counted(1, 'task'), '1 task');
    assert.equal(counted(0, 'task'), '0 tasks');
    assert.equal(listed(['a', 'b']), 'a and b');
    assert.equal(listed(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  });
});
