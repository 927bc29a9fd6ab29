import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pathTest } from '../../../../src/core/agents/files/search/globPattern.ts';
import { HoldfastError } from '../../../../src/core/common/errors.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';
import { openDesk, type TestDesk } from './openDesk.ts';

/** That of a VS Code which some other test has downloaded, if any. */
function findRipgrep(): string | undefined {
  const root = path.join(import.meta.dirname, '../../../../.vscode-test');
  const place = `node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/rg`;
  try {
    const names = readdirSync(root).filter((name) => name.startsWith('server-'));
    return names.map((name) => path.join(root, name, 'vscode', place))[0];
  } catch {
    return undefined;
  }
}

async function project(test: Cleanup, ripgrep: string | undefined): Promise<TestDesk> {
  const desk = await openDesk(test, { ripgrep });
  desk.put('.gitignore', '*.log\n/out/\n!keep.log\n');
  desk.put('src/a.ts', 'const one = 1;\nconst two = 2;\n\nexport { one, two };\n');
  desk.put('src/deep/b.ts', 'import { one } from "../a.ts";\n');
  desk.put('src/b.js', 'const ONE = 1;\n');
  desk.put('out/a.ts', 'const one = 1;\n');
  desk.put('debug.log', 'one\n');
  desk.put('keep.log', 'one\n');
  desk.put('.git/config', 'one\n');
  desk.put('.hidden/c.ts', 'zwei\n');
  desk.put('a.bin', new Uint8Array([111, 110, 101, 0]));
  return desk;
}

const ripgrep = findRipgrep();
const ways: [string, string | undefined, boolean][] = [
  ['without ripgrep', undefined, false],
  ['with ripgrep', ripgrep, ripgrep === undefined],
];

for (const [name, program, skip] of ways) {
  describe(`searching files ${name}`, { skip }, () => {
    const lines = async (desk: TestDesk, tool: string, input: object): Promise<string[]> =>
      (await desk.run(tool, input)).text.split('\n');

    it('finds files by pattern, the latest first, and leaves out what git ignores', async (test) => {
      const desk = await project(test, program);
      utimesSync(path.join(desk.folder, 'src/a.ts'), 1, 1);
      utimesSync(path.join(desk.folder, 'src/deep/b.ts'), 2, 2);
      assert.deepEqual(await lines(desk, 'glob', { pattern: 'src/**/*.ts' }), [
        'src/deep/b.ts',
        'src/a.ts',
      ]);
      const sorted = async (input: object) => (await lines(desk, 'glob', input)).sort();
      assert.deepEqual(await sorted({ pattern: '*.{ts,js}' }), [
        '.hidden/c.ts',
        'src/a.ts',
        'src/b.js',
        'src/deep/b.ts',
      ]);
      assert.deepEqual(await sorted({ pattern: '*.log' }), ['keep.log']);
      assert.deepEqual(await sorted({ pattern: '*', path: 'src/deep' }), ['src/deep/b.ts']);
      assert.deepEqual(await sorted({ pattern: `${desk.folder}/src/*.js` }), ['src/b.js']);
      assert.deepEqual(await sorted({ pattern: '*.md' }), ['No files found.']);
    });

    it('finds lines, with those around them, in the files that are meant', async (test) => {
      const desk = await project(test, program);
      const grep = async (input: object) => (await lines(desk, 'grep', input)).sort();
      assert.deepEqual(await grep({ pattern: 'const one' }), ['src/a.ts:1:const one = 1;']);
      assert.deepEqual(await grep({ pattern: 'const one', '-i': true, glob: '*.js' }), [
        'src/b.js:1:const ONE = 1;',
      ]);
      assert.deepEqual(await grep({ pattern: 'two = ', '-B': 1, '-A': 1 }), [
        'src/a.ts-1-const one = 1;',
        'src/a.ts-3-',
        'src/a.ts:2:const two = 2;',
      ]);
      assert.deepEqual(await grep({ pattern: 'one', output_mode: 'files_with_matches' }), [
        'keep.log',
        'src/a.ts',
        'src/deep/b.ts',
      ]);
      assert.deepEqual(await grep({ pattern: 'one', output_mode: 'count', path: 'src/a.ts' }), [
        'src/a.ts:2',
      ]);
      assert.deepEqual(await grep({ pattern: '= 1;.const', multiline: true, '-n': false }), [
        'src/a.ts:const one = 1;',
        'src/a.ts:const two = 2;',
      ]);
      assert.deepEqual(await grep({ pattern: 'nowhere' }), ['Nothing found.']);
    });

    it('stops at the limit and says so', async (test) => {
      const desk = await openDesk(test, { ripgrep: program });
      desk.put('many.txt', 'match\n'.repeat(5000));
      const { text, structured } = await desk.run('grep', { pattern: 'match', head_limit: 3 });
      assert.match(text, /^(many\.txt:\d:match\n){3}\[There is more/);
      assert.equal(structured['is_complete'], false);
    });

    it('does not leave the place by a link or a pattern', async (test) => {
      const desk = await project(test, program);
      const outside = await tempDir(test);
      writeFileSync(path.join(outside, 'x.ts'), 'const one = 3;\n');
      symlinkSync(outside, path.join(desk.folder, 'src/link'));
      assert.ok(!(await lines(desk, 'glob', { pattern: '**/x.ts' })).includes('src/link/x.ts'));
      assert.deepEqual(await lines(desk, 'grep', { pattern: 'one = 3' }), ['Nothing found.']);
      for (const pattern of ['../*', '*/../../*', `${outside}/*`, 'src/link/*']) {
        await assert.rejects(desk.run('glob', { pattern }), (error) => HoldfastError.is(error));
      }
      await assert.rejects(desk.run('grep', { pattern: 'one', path: 'src/link' }), (error) =>
        HoldfastError.is(error, 'file.outside'),
      );
    });

    it('does not wait for what a pipe may hold', async (test) => {
      const desk = await project(test, program);
      execFileSync('mkfifo', [path.join(desk.folder, 'src/pipe')]);
      await assert.rejects(desk.run('grep', { pattern: 'one', path: 'src/pipe' }), (error) =>
        HoldfastError.is(error, 'file.notText'),
      );
      assert.deepEqual(await lines(desk, 'grep', { pattern: 'nowhere', path: 'src' }), [
        'Nothing found.',
      ]);
    });

    it('says what is wrong with a pattern', async (test) => {
      const desk = await project(test, program);
      await assert.rejects(desk.run('grep', { pattern: '(' }), (error) =>
        HoldfastError.is(error, 'input.invalid'),
      );
    });

    it('ends when it is cancelled', async (test) => {
      const desk = await project(test, program);
      const signal = AbortSignal.abort();
      await assert.rejects(desk.run('glob', { pattern: '**' }, { signal }), { name: 'AbortError' });
    });
  });
}

describe('pathTest', () => {
  const cases: [string, string[], string[]][] = [
    ['*.ts', ['a.ts', 'x/y/a.ts'], ['a.tsx', 'a.ts/b']],
    ['src/**', ['src/a', 'src/a/b'], ['src', 'lib/src/a']],
    ['src/**/*.ts', ['src/a.ts', 'src/x/y/a.ts'], ['src/a.js']],
    ['{a,b}/*.{js,ts}', ['a/x.js', 'b/x.ts'], ['c/x.js']],
    ['[!a]?.c', ['bx.c'], ['ax.c', 'b/.c']],
    ['a+(b).txt', ['a+(b).txt'], ['aab.txt']],
    [String.raw`\*.md`, ['*.md'], ['a.md']],
  ];
  for (const [glob, matching, others] of cases) {
    it(`understands ${glob}`, () => {
      const test = pathTest(glob);
      assert.ok(test);
      assert.deepEqual(
        matching.filter((each) => !test(each)),
        [],
      );
      assert.deepEqual(others.filter(test), []);
    });
  }
});
