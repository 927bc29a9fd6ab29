import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compressJournal } from '../../../src/core/sessions/compressJournal.ts';
import { foldJournal } from '../../../src/core/sessions/foldJournal.ts';
import { frameLine, Journal } from '../../../src/core/sessions/journal.ts';
import { readMessages } from '../../../src/core/sessions/readMessages.ts';
import { repairSession } from '../../../src/core/sessions/repairSession.ts';
import { needsRepair } from '../../../src/core/sessions/sessionState.ts';
import { createSessions, createWith, START_MS, userMessage } from '../../support/sessions.ts';

/** One write of one of three writers: whole; cut off by its death; or cut off, and written again by its next life. */
const write = fc.record({
  writer: fc.nat(2),
  outcome: fc.constantFrom('whole', 'whole', 'whole', 'torn', 'again'),
  keptShare: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** What lies in the file after these writes, and the messages that were acknowledged. */
function play(
  text: string,
  writes: readonly (typeof write extends fc.Arbitrary<infer W> ? W : never)[],
): { text: string; acknowledged: string[] } {
  const counts = [0, 0, 0];
  const lives = [0, 0, 0];
  const acknowledged: string[] = [];
  const append = (bytes: string): void => {
    text += (text.endsWith('\n') ? '' : '\n') + bytes;
  };
  for (const [index, { writer, outcome, keptShare }] of writes.entries()) {
    const number = (counts[writer] ?? 0) + 1;
    const life = lives[writer] ?? 0;
    const said = `message ${String(index)} "}{\\ 四`;
    const line = JSON.stringify(
      frameLine(userMessage(said), {
        writer: `w${String(writer)}.${String(life)}`,
        number,
        nowMs: START_MS,
      }),
    );
    const torn = line.slice(0, Math.floor(line.length * keptShare));
    counts[writer] = number;
    if (outcome !== 'whole') {
      if (torn !== '') append(torn);
      lives[writer] = life + 1;
      counts[writer] = 0;
    }
    if (outcome === 'torn') continue;
    append(`${line}\n`);
    acknowledged.push(said);
  }
  return { text, acknowledged };
}

describe('several writers at once, some of which die in the middle of a line', () => {
  it('lose no message that was acknowledged, also after a repair', async (t) => {
    const sessions = await createSessions(t);
    let round = 0;
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const id = `s${String((round += 1))}`;
        createWith(sessions, id);
        const { text, acknowledged } = play(sessions.text(id), writes);
        sessions.overwrite(id, text);
        const found = (): string[] =>
          readMessages(sessions.files(id)).map(({ parts }) => String(parts[0]?.['text']));
        assert.deepEqual(found(), acknowledged);
        repairSession(sessions.store, id);
        assert.deepEqual(found(), acknowledged);
        assert.equal(needsRepair(foldJournal(sessions.files(id)).state), false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a compressed journal that is cut off', () => {
  it('gives back what is before the cut, says that it is damaged, and can be repaired', async (t) => {
    const sessions = await createSessions(t);
    const words = Array.from({ length: 200 }, (_, index) => `message ${String(index)}`);
    createWith(sessions, 'whole', words.map(userMessage));
    compressJournal(sessions.files('whole'));
    const packed = readFileSync(sessions.files('whole').compressed);
    let before = 0;
    for (let cut = 20; cut < packed.length; cut += Math.ceil(packed.length / 25)) {
      const files = sessions.files(`cut${String(cut)}`);
      writeFileSync(files.compressed, packed.subarray(0, cut));
      const { state } = foldJournal(files);
      assert.ok(
        state.messageCount >= before,
        `${String(cut)} bytes: ${String(state.messageCount)}`,
      );
      assert.ok(state.damage.unreadableLines > 0);
      before = state.messageCount;
      const { damagedFile = '', wasSound } = repairSession(sessions.store, files.id);
      assert.equal(wasSound, false);
      assert.equal(statSync(damagedFile).size > 0, true);
      const repaired = foldJournal(files).state;
      assert.equal(repaired.messageCount, before);
      assert.equal(needsRepair(repaired), false);
      new Journal(sessions.host, files.id).append(userMessage('on'));
      assert.equal(readMessages(files).length, before + 1);
    }
    assert.ok(before > 100, 'most of it is there just before its end');
  });
});
