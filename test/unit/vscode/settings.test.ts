import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HoldfastError } from '../../../src/core/common/errors.ts';
import { policyOf, readSettings, retentionOf } from '../../../src/vscode/settings.ts';

function read(values: Readonly<Record<string, unknown>>) {
  const problems: HoldfastError[] = [];
  const settings = readSettings(
    (name) => values[name],
    (problem) => problems.push(problem),
  );
  return { settings, problems };
}

describe('settings', () => {
  it('are at their defaults when nobody set them', () => {
    const { settings, problems } = read({});
    assert.deepEqual(problems, []);
    assert.equal(settings.outputLimitMiB, 64);
    assert.equal(settings.notifyOnTaskEnd, 'failed');
    assert.equal(policyOf(settings).outputLimitBytes, 64 * 1024 * 1024);
    assert.deepEqual(retentionOf(settings), { maxTasks: 1000, maxAgeDays: 7 });
  });

  it('are told, and replaced by their defaults, when out of range or of the wrong type', () => {
    for (const [name, value] of [
      ['tasks.outputLimitMiB', 0],
      ['tasks.outputLimitMiB', Number.NaN],
      ['tasks.maxTasks', 1001],
      ['tasks.stopGraceSeconds', '5'],
      ['tasks.onShutdown', 'explode'],
      ['tasks.lineBuffering', 'yes'],
      ['home', 7],
    ] as const) {
      const { settings, problems } = read({ [name]: value });
      assert.deepEqual(settings, read({}).settings);
      assert.equal(problems.length, 1, name);
      assert.equal(problems[0]?.code, 'settings.outOfRange');
      assert.equal(problems[0].data['setting'], `holdfast.${name}`);
    }
  });

  it('reach a task in the units of its keeper', () => {
    const { settings } = read({ 'tasks.timeLimitMinutes': 0.5, 'tasks.outputLimitMiB': 1.5 });
    const policy = policyOf(settings);
    assert.equal(policy.timeLimitSec, 30);
    assert.equal(policy.outputLimitBytes, 1_572_864);
  });
});
