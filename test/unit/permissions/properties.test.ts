import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  analyseShell,
  MAX_COMMAND_CHARACTERS,
} from '../../../src/core/permissions/shell/analyse.ts';
import { loadShellGrammar } from '../../../src/core/permissions/shell/grammar.ts';
import { createFolder, decideCommand } from './folder.ts';

const allow = [
  'Bash(git status:*)',
  'Bash(npm run test)',
  'Bash(echo:*)',
  'Bash(grep:*)',
  'Bash(xargs:*)',
];
const allowed = fc.constantFrom(
  'git status',
  'git status -s',
  'npm run test',
  'echo "a; b"',
  "echo 'x' > out.txt",
  'CI=1 npm run test',
  'timeout 5 npm run test',
  'cd sub',
  'true',
  'grep -q a b | xargs echo',
);
const notAllowed = fc.constantFrom(
  'rm -rf build',
  'git push',
  'npm run deploy',
  'npm run test x',
  '/bin/echo a',
  'PATH=. git status',
  'echo $(date)',
  'echo x > ../y',
  'sh -c "git status"',
  'timeout 5 rm x',
  'xargs rm',
  'cd /tmp',
);
const operator = fc.constantFrom(
  ';',
  '&&',
  '||',
  '|',
  '|&',
  '&',
  '\n',
  ' ; ',
  ' && ',
  '\n\n',
  ' &\n',
);
const shape = fc.constantFrom(
  '%',
  '( % )',
  '{ %; }',
  '! %',
  'if true; then %\nfi',
  'while false; do %\ndone',
  'case a in a) %\n;; esac',
  'for f in a b; do %\ndone',
);
const metaText = fc.string({
  unit: fc.constantFrom(...'aZ0 \t\n;&|<>(){}[]$`\'"\\#!*?~=-:,.@%^+/é；'.split('')),
  maxLength: 200,
});

describe('joining commands', () => {
  it('never allows one that is not allowed, whatever it is joined to and how', async (t) => {
    const { folder } = await createFolder(t);
    const parts = fc.array(fc.record({ allowed, operator }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(parts, notAllowed, parts, shape, async (before, bad, after, frame) => {
        const line = [
          ...before.map((each) => each.allowed + each.operator),
          bad,
          ...after.map((each) => each.operator + each.allowed),
        ].join('');
        const { decision } = await decideCommand(
          folder,
          frame.replace('%', () => line),
          { allow },
        );
        assert.notEqual(
          decision,
          'allow',
          frame.replace('%', () => line),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('allows allowed ones by every operator', async (t) => {
    const { folder } = await createFolder(t);
    const join = fc.constantFrom(';', ' && ', ' || ', ' | ', ' |& ', ' & ', '\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(allowed, { minLength: 1, maxLength: 5 }),
        join,
        async (parts, joint) => {
          // Whether `cd sub; cd sub` stays inside is a question of its own.
          const line = parts.filter((part, index) => part !== 'cd sub' || index === 0).join(joint);
          const { decision, reason } = await decideCommand(folder, line || 'true', { allow });
          assert.equal(decision, 'allow', `${line}: ${reason}`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never lets an allow rule reach what is denied in any part', async (t) => {
    const { folder } = await createFolder(t);
    await fc.assert(
      fc.asyncProperty(allowed, operator, shape, async (good, joint, frame) => {
        const line = frame.replace('%', () => `${good}${joint}rm -rf build`);
        const { decision } = await decideCommand(folder, line, {
          allow: ['Bash'],
          deny: ['Bash(rm:*)'],
        });
        assert.equal(decision, 'deny', line);
      }),
      { numRuns: 200 },
    );
  });
});

describe('taking a command line apart', () => {
  it('neither throws nor takes its time, whatever the text', async (t) => {
    const { folder } = await createFolder(t);
    const text = fc.oneof(metaText, fc.string({ unit: 'binary', maxLength: 200 }), fc.string());
    await fc.assert(
      fc.asyncProperty(text, async (command) => {
        const { decision } = await decideCommand(folder, command, { allow, deny: ['Bash(rm:*)'] });
        assert.ok(['allow', 'ask', 'deny'].includes(decision));
      }),
      { numRuns: 500 },
    );
  });

  it('is bounded in time for long hostile texts', async () => {
    const grammar = await loadShellGrammar();
    const pieces = [
      '(',
      '{ ',
      '$(',
      '`',
      '"',
      "'",
      '<<',
      '<<E\n',
      '[[ ',
      '((',
      '${',
      'a|',
      'a;',
      'if ',
      '\\',
      '>a ',
      'case a in ',
      '!',
      '$((',
      'a=(',
      '{a,',
      '<(',
      '*(',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(MAX_COMMAND_CHARACTERS / piece.length);
      // Of this process alone: other tests run at the same time.
      const before = process.cpuUsage();
      analyseShell(text.slice(0, MAX_COMMAND_CHARACTERS), grammar);
      const { user, system } = process.cpuUsage(before);
      const spentMs = (user + system) / 1000;
      assert.ok(spentMs < 5000, `${piece}: ${spentMs} ms`);
    }
  });
});
