import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { claimTelling } from '../../../../src/core/agents/claude-code/transcripts/damage.ts';
import {
  GuardMemory,
  guardTranscripts,
} from '../../../../src/core/agents/claude-code/transcripts/guardTranscripts.ts';
import {
  listGenerations,
  listMirrors,
  type Mirror,
} from '../../../../src/core/agents/claude-code/transcripts/mirror.ts';
import { readVanished } from '../../../../src/core/agents/claude-code/transcripts/readVanished.ts';
import { repairTranscript } from '../../../../src/core/agents/claude-code/transcripts/repairTranscript.ts';
import { restoreTranscript } from '../../../../src/core/agents/claude-code/transcripts/restoreTranscript.ts';
import { statTranscript } from '../../../../src/core/agents/claude-code/transcripts/transcriptFiles.ts';
import { TranscriptWriter, transcriptPlace, type TranscriptPlace } from './support.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function threePrompts(place: TranscriptPlace): Promise<TranscriptWriter> {
  const writer = new TranscriptWriter(place);
  for (const word of ['alder', 'birch', 'cedar']) writer.prompt(`the word is ${word}`);
  await guardTranscripts(place);
  return writer;
}

function onlyMirror(place: TranscriptPlace): Mirror {
  const [mirror, ...others] = listMirrors(place.home);
  assert.equal(others.length, 0);
  assert.ok(mirror !== undefined);
  return mirror;
}

void describe('the guard of transcripts', () => {
  test('copies what was added, byte for byte, and packs it when a day has passed', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    writer.prompt('one more');
    const memory = new GuardMemory();
    assert.equal((await guardTranscripts(place, { memory })).copied, 1);
    assert.equal((await guardTranscripts(place, { memory })).copied, 0);
    const [copy] = listGenerations(onlyMirror(place));
    assert.deepEqual(readFileSync(copy?.path ?? ''), readFileSync(writer.path));
    place.clock.nowMs += 2 * DAY_MS;
    await guardTranscripts(place, { memory });
    const [packed] = listGenerations(onlyMirror(place));
    assert.ok(packed?.isPacked);
    assert.equal(packed.sizeBytes, copy?.sizeBytes);
    writer.prompt('after two days');
    const now = new Date(place.clock.nowMs);
    utimesSync(writer.path, now, now);
    const { damage } = await guardTranscripts(place, { memory });
    assert.deepEqual(damage, []);
    const [grown] = listGenerations(onlyMirror(place));
    assert.deepEqual(readFileSync(grown?.path ?? ''), readFileSync(writer.path));
  });

  test('tells of a deleted transcript once, and restores it with what lay beside it', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    writer.prompt('the word is alder');
    const side = writer.path.replace('.jsonl', '');
    mkdirSync(path.join(side, 'subagents'), { recursive: true });
    writeFileSync(path.join(side, 'subagents', 'agent-1.jsonl'), '{}\n');
    await guardTranscripts(place);
    const before = readFileSync(writer.path);
    rmSync(writer.path);
    rmSync(side, { recursive: true });
    const { damage } = await guardTranscripts(place);
    const [one, ...others] = damage;
    assert.ok(one !== undefined);
    assert.equal(others.length, 0);
    assert.equal(one.kind, 'deleted');
    assert.equal(one.isRetention, false);
    assert.deepEqual(one.vanished.prompts, ['the word is alder']);
    assert.deepEqual([claimTelling(one), claimTelling(one)], [true, false]);
    const restored = await restoreTranscript(place, one.mirror);
    assert.deepEqual(readFileSync(writer.path), before);
    assert.equal(restored.setAside, undefined);
    assert.ok(existsSync(path.join(side, 'subagents', 'agent-1.jsonl')));
    assert.deepEqual((await guardTranscripts(place)).damage, []);
    await assert.rejects(restoreTranscript(place, one.mirror), { code: 'claude.nothingToRestore' });
  });

  test('knows the clean-up of Claude Code by the age of what is gone', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    writer.prompt('old');
    const longAgo = new Date(place.clock.nowMs - 40 * DAY_MS);
    utimesSync(writer.path, longAgo, longAgo);
    await guardTranscripts(place);
    rmSync(writer.path);
    const { damage } = await guardTranscripts(place);
    assert.equal(damage[0]?.isRetention, true);
    assert.ok(listGenerations(onlyMirror(place))[0]?.isPacked);
    place.clock.nowMs += 31 * DAY_MS;
    assert.equal(
      (await guardTranscripts(place)).damage.length,
      1,
      'kept, where nobody says till when',
    );
    assert.deepEqual((await guardTranscripts(place, { retentionDays: 30 })).damage, []);
    assert.deepEqual(listMirrors(place.home), []);
  });

  test('keeps what a rewritten transcript had, and shows what is missing', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    const before = readFileSync(writer.path, 'utf8');
    const without = before.split('\n').filter((line) => !line.includes('birch'));
    writeFileSync(writer.path, without.join('\n'));
    writer.prompt('long enough to be longer than what was there before: dogwood '.repeat(20));
    const { damage } = await guardTranscripts(place);
    const [one] = damage;
    assert.ok(one !== undefined);
    assert.equal(one.kind, 'rewritten');
    assert.equal(one.vanished.lines, 1);
    assert.match((await readVanished(one)).text, /birch/);
    const restored = await restoreTranscript(place, one.mirror);
    assert.equal(readFileSync(writer.path, 'utf8'), before);
    assert.match(readFileSync(restored.setAside ?? '', 'utf8'), /dogwood/);
    assert.deepEqual((await guardTranscripts(place)).damage, []);
  });

  test('a rewrite that loses no line is no damage', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    const lines = readFileSync(writer.path, 'utf8').trimEnd().split('\n');
    writeFileSync(writer.path, `${lines.toReversed().join('\n')}\n`);
    assert.deepEqual((await guardTranscripts(place)).damage, []);
    assert.equal(listGenerations(onlyMirror(place)).length, 1);
  });

  test('an emptied transcript that Claude Code goes on with is restored as it was', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    const before = readFileSync(writer.path, 'utf8');
    truncateSync(writer.path, 0);
    assert.equal((await guardTranscripts(place)).damage[0]?.kind, 'truncated');
    writer.prompt('a new beginning');
    assert.equal((await guardTranscripts(place)).damage.length, 1);
    await restoreTranscript(place, onlyMirror(place));
    assert.equal(readFileSync(writer.path, 'utf8'), before);
    assert.deepEqual((await guardTranscripts(place)).damage, []);
  });
});

void describe('the repair of a transcript', () => {
  test('takes joined lines apart and completes a torn one from the copy', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    const [alder = '', birch = '', cedar = ''] = readFileSync(writer.path, 'utf8').split('\n');
    writeFileSync(writer.path, `${alder}\n${birch.slice(0, 150)}${cedar}\n`);
    const repaired = await repairTranscript(place, required(writer));
    assert.deepEqual(
      [repaired.splitLines, repaired.completedLines, repaired.lostPieces, repaired.relinked],
      [1, 1, 0, 0],
    );
    assert.equal(readFileSync(writer.path, 'utf8'), `${[alder, birch, cedar].join('\n')}\n`);
    assert.deepEqual((await guardTranscripts(place)).damage, []);
  });

  test('ties a message to the one before when its own predecessor is lost', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    const first = writer.prompt('alder');
    writer.prompt('birch');
    writer.prompt('cedar');
    const [alder = '', birch = '', cedar = ''] = readFileSync(writer.path, 'utf8').split('\n');
    writeFileSync(writer.path, `${alder}${alder}\n\0\0\0${birch.slice(0, 70)}\n${cedar}`);
    const repaired = await repairTranscript(place, required(writer));
    assert.equal(repaired.relinked, 1);
    assert.equal(repaired.lostPieces, 1);
    const lines = readFileSync(writer.path, 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
    assert.equal(last['parentUuid'], first);
    assert.match(readFileSync(repaired.setAside ?? '', 'utf8'), /cedar/);
  });

  test('leaves a sound one alone', async (t) => {
    const place = await transcriptPlace(t);
    const writer = await threePrompts(place);
    const before = statTranscript(writer.path);
    assert.equal((await repairTranscript(place, required(writer))).setAside, undefined);
    assert.deepEqual(statTranscript(writer.path), before);
  });
});

function required(writer: TranscriptWriter) {
  const file = statTranscript(writer.path);
  assert.ok(file !== undefined);
  return file;
}
