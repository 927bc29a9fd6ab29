import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { FileAccess } from '../../../../src/core/agents/files/fileAccess.ts';
import { hashBytes } from '../../../../src/core/agents/files/textFile.ts';
import type { ErrorCode } from '../../../../src/core/common/errors.ts';
import { HoldfastError } from '../../../../src/core/common/errors.ts';
import { tempDir } from '../../../support/tempDir.ts';
import { openDesk } from './openDesk.ts';

function failsWith(code: ErrorCode, words: RegExp = /./) {
  return (error: unknown): boolean => {
    assert.ok(HoldfastError.is(error, code), String(error));
    assert.match(error.message, words);
    return true;
  };
}

describe('read', () => {
  it('numbers lines as cat -n does, and says how to go on', async (test) => {
    const desk = await openDesk(test);
    desk.put('a.txt', 'one\r\ntwo\r\nthree\r\n');
    assert.equal(
      (await desk.run('read', { file_path: 'a.txt' })).text,
      '     1\tone\n     2\ttwo\n     3\tthree',
    );
    const { text, structured } = await desk.run('read', {
      file_path: 'a.txt',
      offset: 2,
      limit: 1,
    });
    assert.equal(text, '     2\ttwo\n[Lines 2 to 2 of 3; go on with offset 3.]');
    assert.equal(structured['total_lines'], 3);
    assert.match(
      (await desk.run('read', { file_path: 'a.txt', offset: 9 })).text,
      /has 3 lines only/,
    );
  });

  it('bounds what one answer holds', async (test) => {
    const desk = await openDesk(test);
    desk.put('long.txt', `${'x'.repeat(5000)}\n`.repeat(3000));
    const { text, structured } = await desk.run('read', { file_path: 'long.txt' });
    assert.ok(text.length < 82_000, String(text.length));
    assert.match(text, /\[3000 more characters\]/);
    assert.match(text, new RegExp(`go on with offset ${Number(structured['last_line']) + 1}`));
  });

  it('reads out of a file that is too big to load', async (test) => {
    const desk = await openDesk(test);
    desk.put('big.log', 'a line of a big log\n'.repeat(1_000_000));
    const { text } = await desk.run('read', { file_path: 'big.log', offset: 999_999, limit: 5 });
    assert.match(text, /^999999\ta line of a big log\n1000000\ta line/);
  });

  it('refuses what is no text, and says when there is nothing', async (test) => {
    const desk = await openDesk(test);
    desk.put('a.bin', new Uint8Array([1, 0, 2]));
    desk.put('empty', '');
    await assert.rejects(desk.run('read', { file_path: 'a.bin' }), failsWith('file.notText'));
    await assert.rejects(desk.run('read', { file_path: 'no' }), failsWith('file.notFound'));
    await assert.rejects(
      desk.run('read', { file_path: '.' }),
      failsWith('file.notText', /directory/),
    );
    assert.equal((await desk.run('read', { file_path: 'empty' })).text, '[The file is empty.]');
  });

  it('makes no directory of the name ~, which means another to who wrote it', async (test) => {
    const desk = await openDesk(test);
    const refused = failsWith('input.invalid', /~ is not expanded/);
    await assert.rejects(desk.run('write', { file_path: '~/a.txt', content: '' }), refused);
    await assert.rejects(desk.run('read', { file_path: '~' }), refused);
    await desk.run('write', { file_path: '~$draft.txt', content: '' });
    assert.deepEqual(readdirSync(desk.folder), ['~$draft.txt']);
  });

  it('reaches nothing outside, not even by a link, unless the call is approved', async (test) => {
    const desk = await openDesk(test);
    const outside = path.join(await tempDir(test), 'secret.txt');
    writeFileSync(outside, 'secret\n');
    symlinkSync(outside, path.join(desk.folder, 'link.txt'));
    const read = (file_path: string, approvedPaths: string[] = []) =>
      desk.run('read', { file_path }, { approvedPaths });
    await assert.rejects(read(outside), failsWith('file.outside'));
    await assert.rejects(read('../../x'), failsWith('file.outside'));
    await assert.rejects(read('link.txt'), failsWith('file.outside', /leads to/));
    assert.equal((await read('link.txt', [realpathSync(outside)])).text, '     1\tsecret');
  });

  it('journals what it has seen, by its real path', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', 'one\n');
    symlinkSync(file, path.join(desk.folder, 'b.txt'));
    await desk.run('read', { file_path: 'b.txt' });
    const [line] = desk.lines;
    assert.ok(line?.type === 'file');
    assert.deepEqual([line.path, line.how, line['by']], [file, 'read', 'agent']);
    assert.equal(line.hash, hashBytes(readFileSync(file)));
  });
});

describe('edit', () => {
  it('replaces the one occurrence, and keeps mode, byte order mark and line endings', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', '\uFEFFone\r\ntwo\nthree\r\n');
    chmodSync(file, 0o754);
    await desk.run('read', { file_path: 'a.txt' });
    const { structured } = await desk.run('edit', {
      file_path: 'a.txt',
      old_string: 'one\ntwo',
      new_string: '1\n2',
    });
    assert.equal(readFileSync(file, 'utf8'), '\uFEFF1\r\n2\nthree\r\n');
    assert.equal(statSync(file).mode & 0o777, 0o754);
    assert.match(String(structured['diff']), /^-one$/m);
    assert.deepEqual(readdirSync(desk.folder), ['a.txt']);
    // Its own change is no reason to read again.
    await desk.run('edit', { file_path: 'a.txt', old_string: 'three', new_string: '3' });
    assert.equal(readFileSync(file, 'utf8'), '\uFEFF1\r\n2\n3\r\n');
  });

  it('has one byte order mark however often the agent writes one', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', '\uFEFFone\n');
    await desk.run('read', { file_path: 'a.txt' });
    const strings = { old_string: '\uFEFFone', new_string: '\uFEFFtwo' };
    await desk.run('edit', { file_path: 'a.txt', ...strings });
    assert.equal(readFileSync(file, 'utf8'), '\uFEFFtwo\n');
    await desk.run('write', { file_path: 'a.txt', content: '\uFEFFthree\n' });
    assert.equal(readFileSync(file, 'utf8'), '\uFEFFthree\n');
  });

  it('lets one of two changes at the same moment through, and tells the other', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', 'one two\n');
    await desk.run('read', { file_path: 'a.txt' });
    const edit = (old_string: string, new_string: string) =>
      desk.run('edit', { file_path: 'a.txt', old_string, new_string });
    const [first, second] = await Promise.allSettled([edit('one', '1'), edit('two', '2')]);
    assert.deepEqual([first.status, second.status], ['fulfilled', 'rejected']);
    assert.equal(readFileSync(file, 'utf8'), '1 two\n');
  });

  it('refuses what was never read, and what has changed since', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', 'one\n');
    const edit = () => desk.run('edit', { file_path: 'a.txt', old_string: 'one', new_string: '1' });
    await assert.rejects(edit(), failsWith('file.notRead'));
    await desk.run('read', { file_path: 'a.txt' });
    writeFileSync(file, 'one more\n');
    await assert.rejects(edit(), failsWith('file.changed'));
    assert.equal(readFileSync(file, 'utf8'), 'one more\n');
    await assert.rejects(
      desk.run('write', { file_path: 'a.txt', content: '' }),
      failsWith('file.changed'),
    );
  });

  it('refuses a text that is there several times or not at all, and says what is wrong', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', 'x = 1\ny\nx = 1\n');
    await desk.run('read', { file_path: 'a.txt' });
    const edit = (old_string: string, more = {}) =>
      desk.run('edit', { file_path: 'a.txt', old_string, new_string: 'z', ...more });
    await assert.rejects(edit('x = 1'), failsWith('file.noMatch', /2 times .*lines 1, 3/));
    await assert.rejects(edit('x  = 1'), failsWith('file.noMatch', /other spaces/));
    await assert.rejects(edit('     1\tx = 1'), failsWith('file.noMatch', /line numbers/));
    await edit('x = 1', { replace_all: true });
    assert.equal(readFileSync(file, 'utf8'), 'z\ny\nz\n');
  });

  it('does not spoil a file of another character set', async (test) => {
    const desk = await openDesk(test);
    const bytes = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]);
    const file = desk.put('latin1.txt', bytes);
    await desk.run('read', { file_path: 'latin1.txt' });
    const input = { file_path: 'latin1.txt', old_string: 'caf', new_string: 'tea' };
    await assert.rejects(desk.run('edit', input), failsWith('file.notText', /not UTF-8/));
    assert.deepEqual(readFileSync(file), bytes);
  });

  it('writes UTF-16 as it was', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', Buffer.from('\uFEFFone\r\n', 'utf16le'));
    await desk.run('read', { file_path: 'a.txt' });
    await desk.run('edit', { file_path: 'a.txt', old_string: 'one', new_string: 'zwölf' });
    assert.equal(readFileSync(file, 'utf16le'), '\uFEFFzwölf\r\n');
  });

  it('keeps a link a link, and a file with two names one file', async (test) => {
    const desk = await openDesk(test);
    const file = desk.put('a.txt', 'one, longer\n');
    symlinkSync('a.txt', path.join(desk.folder, 'soft.txt'));
    linkSync(file, path.join(desk.folder, 'hard.txt'));
    await desk.run('read', { file_path: 'soft.txt' });
    await desk.run('edit', { file_path: 'soft.txt', old_string: ', longer', new_string: '' });
    assert.equal(readFileSync(path.join(desk.folder, 'hard.txt'), 'utf8'), 'one\n');
    assert.equal(statSync(file).nlink, 2);
  });

  it('goes through the editor where the file is open, unsaved text included', async (test) => {
    const open = new Map<string, string>();
    const access: FileAccess = {
      open: (file) => {
        const text = open.get(file);
        return Promise.resolve(text === undefined ? undefined : { text, isDirty: true });
      },
      replace: (file, oldText, newText) => {
        if (open.get(file) !== oldText) return Promise.resolve('changed');
        open.set(file, newText);
        return Promise.resolve('writtenUnsaved');
      },
    };
    const desk = await openDesk(test, { access });
    const file = desk.put('a.txt', 'on disk\n');
    open.set(file, 'in the editor\n');
    assert.match(
      (await desk.run('read', { file_path: 'a.txt' })).text,
      /in the editor\n\[.*not saved/,
    );
    const input = { file_path: 'a.txt', old_string: 'editor', new_string: 'window' };
    assert.equal((await desk.run('edit', input)).structured['is_saved'], false);
    assert.equal(open.get(file), 'in the window\n');
    assert.equal(readFileSync(file, 'utf8'), 'on disk\n');
    const last = desk.lines.at(-1);
    assert.ok(last?.type === 'file' && last.hash === undefined);
    open.set(file, 'typed on\n');
    await assert.rejects(
      desk.run('edit', { file_path: 'a.txt', old_string: 'typed', new_string: '' }),
      failsWith('file.changed'),
    );
  });
});

describe('write', () => {
  it('creates a file with its directories, and replaces what was read', async (test) => {
    const desk = await openDesk(test);
    const created = await desk.run('write', { file_path: 'new/dir/a.txt', content: 'one\r\n' });
    assert.equal(created.structured['is_new'], true);
    await desk.run('write', { file_path: 'new/dir/a.txt', content: 'two\n' });
    assert.equal(readFileSync(path.join(desk.folder, 'new/dir/a.txt'), 'utf8'), 'two\r\n');
    assert.deepEqual(
      desk.lines.map((line) => line.type === 'file' && line.how),
      ['created', 'modified'],
    );
    desk.put('old.txt', 'old\n');
    await assert.rejects(
      desk.run('write', { file_path: 'old.txt', content: '' }),
      failsWith('file.notRead'),
    );
  });

  it('says when a file cannot be written', async (test) => {
    const desk = await openDesk(test);
    mkdirSync(path.join(desk.folder, 'dir'));
    desk.put('file', '');
    await assert.rejects(
      desk.run('write', { file_path: 'dir', content: '' }),
      failsWith('file.notText'),
    );
    await assert.rejects(
      desk.run('write', { file_path: 'file/below', content: '' }),
      failsWith('file.notWritable'),
    );
  });
});
