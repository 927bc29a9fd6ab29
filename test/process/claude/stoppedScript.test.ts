import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { tempDir } from '../../support/tempDir.ts';
import { keeperSources, untilOver } from '../../support/taskHost.ts';
import { findProgram, nodeVariant, shellVariant, terminalVariant } from '../conformance/variant.ts';

// claude-stopped.sh alone, on tasks of each kind of keeper.

const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => findProgram(program) !== undefined,
);

/** Words of the command are no part of the task's record, whatever they look like. */
const STUBBORN = `: '"uuid":"x","stopGraceSec":600'; trap '' TERM; while :; do sleep 1; done`;

for (const [program = '', ...words] of shells) {
  void describe(`under ${[program, ...words].join(' ')}, a task that Claude has stopped ends`, () => {
    for (const variant of [shellVariant('sh', 'sh'), nodeVariant(), terminalVariant()]) {
      test(`with ${variant.title}`, async (t) => {
        const host = await variant.createHost(t);
        const task = await variant.start(host, STUBBORN, { policy: { stopGraceSec: 1 } });
        const scripts = await tempDir(t);
        for (const name of ['claude-stopped.sh', 'stop.sh']) {
          copyFileSync(path.join(keeperSources, name), path.join(scripts, name));
        }
        const stopping = path.join(scripts, 'stopping');
        writeFileSync(stopping, '');
        const script = path.join(scripts, 'claude-stopped.sh');
        const args = [...words, script, task.directory, String(process.pid), '', stopping];
        const { stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
        assert.equal(stderr, '');
        assert.equal((await untilOver(host, task)).status, 'killed');
      });
    }
  });
}
