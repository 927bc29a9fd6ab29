import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { cookiesIn } from '../../../src/core/processes/platform/linuxMarks.ts';

const modulePath = new URL('../../../src/core/processes/platform/linuxMarks.ts', import.meta.url);

function cookies(...entries: string[]): string[] {
  return cookiesIn(Buffer.from(entries.map((entry) => `${entry}\0`).join('')));
}

void describe('cookiesIn', () => {
  void it('finds the value at the front, in the middle and at the end', () => {
    assert.deepEqual(cookies('HOLDFAST_TASK=a', 'B=1'), ['a']);
    assert.deepEqual(cookies('A=1', 'HOLDFAST_TASK=a', 'B=1'), ['a']);
    assert.deepEqual(cookiesIn(Buffer.from('A=1\0HOLDFAST_TASK=a')), ['a']);
  });

  void it('returns every value when the name stands there twice', () => {
    assert.deepEqual(cookies('HOLDFAST_TASK=a', 'HOLDFAST_TASK=b'), ['a', 'b']);
  });

  void it('does not find the name inside another name or value', () => {
    assert.deepEqual(cookies('X_HOLDFAST_TASK=a', 'HOLDFAST_TASKS=a', 'A=HOLDFAST_TASK=a'), []);
    assert.deepEqual(cookies('A=x HOLDFAST_TASK=a', 'B=\nHOLDFAST_TASK=a'), []);
    assert.deepEqual(cookies(), []);
  });

  void it('keeps a value whole, whatever stands in it', () => {
    assert.deepEqual(cookies('HOLDFAST_TASK=a=b c\nd', 'B=1'), ['a=b c\nd']);
    assert.deepEqual(cookies('HOLDFAST_TASK='), ['']);
  });
});

void describe('readLinuxCookies', { skip: process.platform !== 'linux' }, () => {
  void it('finds the cookie behind more environment than its buffer holds', () => {
    const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
    for (let at = 0; at < 4; at++) env[`BIG_${at}`] = 'x'.repeat(60_000);
    env['HOLDFAST_TASK'] = 'at-the-end';
    const script = `
      import { readLinuxCookies } from '${modulePath.href}';
      process.stdout.write(JSON.stringify(readLinuxCookies([process.pid]).get(process.pid)));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    assert.equal(stdout, '["at-the-end"]', stderr);
  });
});
