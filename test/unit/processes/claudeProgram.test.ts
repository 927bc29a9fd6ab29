import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isClaudeProgram } from '../../../src/core/processes/claudeProgram.ts';

const claude: readonly string[] = [
  'claude',
  '/usr/local/bin/claude --resume x',
  'node /usr/local/bin/claude',
  '/opt/node/bin/node --max-old-space-size=4096 /x/@anthropic-ai/claude-code/cli.js -p hi',
  'node --import /x/hook.mjs /x/claude-code/cli.js',
  'C:\\Users\\me\\claude.exe',
];

const other: readonly string[] = [
  '',
  'vim claude',
  'bash -c claude',
  'node /x/other/cli.js',
  'node server.js claude',
  'node -e 1 claude',
  'claudette',
  'tail -f claude.log',
];

void describe('isClaudeProgram', () => {
  for (const line of claude) {
    void it(`knows ${line}`, () => {
      assert.equal(isClaudeProgram({ argv: line.split(' ') }), true);
    });
  }

  for (const line of other) {
    void it(`is not taken in by ${JSON.stringify(line)}`, () => {
      assert.equal(isClaudeProgram({ argv: line.split(' ') }), false);
    });
  }

  void it('looks at the program file when the process has retitled itself', () => {
    assert.equal(isClaudeProgram({ argv: ['busy'], exe: '/opt/claude' }), true);
    assert.equal(isClaudeProgram({ argv: [], exe: '/opt/node' }), false);
  });
});
