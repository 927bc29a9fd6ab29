import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { createFileSync, writeFileAtomicSync } from '../../../src/core/common/atomicFile.ts';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { readJsonSync } from '../../../src/core/common/jsonFile.ts';
import { tempDir } from '../../support/tempDir.ts';

void describe('writeFileAtomicSync', () => {
  void it('replaces a file whole, for its user only, and leaves nothing else behind', async (test) => {
    const directory = await tempDir(test);
    const file = path.join(directory, 'file');
    writeFileSync(file, 'a longer old text', { mode: 0o644 });
    writeFileAtomicSync(file, 'new');
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(directory), ['file']);
  });

  void it('leaves nothing behind when it fails', async (test) => {
    const directory = await tempDir(test);
    const file = path.join(directory, 'file');
    mkdirSync(path.join(file, 'not empty'), { recursive: true });
    assert.throws(
      () => {
        writeFileAtomicSync(file, 'new');
      },
      (error) => HoldfastError.is(error, 'home.notWritable'),
    );
    assert.deepEqual(readdirSync(directory), ['file']);
  });
});

void describe('createFileSync', () => {
  void it('lets the first writer win', async (test) => {
    const file = path.join(await tempDir(test), 'file');
    assert.deepEqual([createFileSync(file, 'one'), createFileSync(file, 'two')], [true, false]);
    assert.equal(readFileSync(file, 'utf8'), 'one');
  });
});

void describe('readJsonSync', () => {
  const schema = v.looseObject({ v: v.literal(1) });

  void it('tells what is missing from what is damaged, and keeps unknown fields', async (test) => {
    const file = path.join(await tempDir(test), 'file');
    assert.deepEqual(readJsonSync(file, schema), { kind: 'missing' });
    writeFileSync(file, '{"v":1,');
    assert.deepEqual(readJsonSync(file, schema), { kind: 'damaged', text: '{"v":1,' });
    writeFileSync(file, '{"v":2}');
    assert.equal(readJsonSync(file, schema).kind, 'damaged');
    writeFileSync(file, '{"v":1,"later":true}');
    assert.deepEqual(readJsonSync(file, schema), { kind: 'ok', value: { v: 1, later: true } });
  });

  void it('reads a record of any length', async (test) => {
    const file = path.join(await tempDir(test), 'record.json');
    const text = 'é'.repeat(100_000);
    writeFileSync(file, JSON.stringify({ v: 1, text }));
    assert.deepEqual(readJsonSync(file, schema), { kind: 'ok', value: { v: 1, text } });
  });
});
