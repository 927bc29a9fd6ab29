import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { readCursor, writeCursor } from '../../../src/core/tasks/cursors.ts';
import { tempDir } from '../../support/tempDir.ts';

void describe('cursors', () => {
  void it('of two readers do not disturb each other', async (test) => {
    const directory = await tempDir(test);
    assert.equal(readCursor(directory, 'one'), 0);
    writeCursor(directory, 'one', 5);
    writeCursor(directory, 'two', 7_000_000_000);
    writeCursor(directory, 'one', 6);
    assert.deepEqual(
      [readCursor(directory, 'one'), readCursor(directory, 'two')],
      [6, 7_000_000_000],
    );
    assert.deepEqual(readdirSync(path.join(directory, 'cursors')).sort(), ['one', 'two']);
    assert.equal(statSync(path.join(directory, 'cursors/one')).mode & 0o777, 0o600);
  });

  void it('begin again where the file is damaged', async (test) => {
    const directory = await tempDir(test);
    mkdirSync(path.join(directory, 'cursors'));
    writeFileSync(path.join(directory, 'cursors/me'), '12x');
    assert.equal(readCursor(directory, 'me'), 0);
  });

  for (const name of ['', '..', 'a/b', '.hidden', 'x'.repeat(65), 'a\nb', 'a b']) {
    void it(`refuse the name ${JSON.stringify(name)}`, async (test) => {
      const directory = await tempDir(test);
      const isInvalid = (error: unknown): boolean => HoldfastError.is(error, 'input.invalid');
      assert.throws(() => readCursor(directory, name), isInvalid);
      assert.throws(() => {
        writeCursor(directory, name, 1);
      }, isInvalid);
    });
  }
});
