import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { sendSignal } from '../../../src/core/processes/signals.ts';
import { encodeFrame, encodeJson, FrameType } from '../../../src/core/terminals/frames.ts';
import { TerminalClient } from '../../../src/core/terminals/terminalClient.ts';
import { requireTerminal } from '../../../src/core/terminals/requireTerminal.ts';
import { sendInput } from '../../../src/core/terminals/sendInput.ts';
import { AttachedScreen, untilSame } from '../../support/attachedScreen.ts';
import { look, untilOver } from '../../support/taskHost.ts';
import { tempDir } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';
import { createTerminalHost, startInTerminal } from './support.ts';

const FLOOD = 'i=0; while :; do i=$((i+1)); echo "$i is a line of a flood that does not end"; done';
const TICKS = 'i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.05; done';

void describe('a kept terminal', { concurrency: 3 }, () => {
  void it('closes only the connection that sends garbage', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, TICKS);
    const good = new AttachedScreen(test, task);
    await good.until('tick');
    const hello = encodeJson(FrameType.hello, {
      protocol: 1,
      oldest: 1,
      role: 'attach',
      columns: 80,
      rows: 24,
    });
    const tooLong = Buffer.from([FrameType.input, 0xff, 0xff, 0xff, 0xff]);
    const garbage = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(100_000, 0xff),
      encodeFrame(FrameType.hello, Buffer.from('no JSON')),
      encodeJson(FrameType.hello, { protocol: 1, oldest: 1, role: 'thief' }),
      Buffer.concat([hello, tooLong]),
      Buffer.concat([hello, encodeJson(FrameType.resize, { columns: 'many' })]),
    ];
    for (const bytes of garbage) {
      const socket = connect(requireTerminal(task));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(bytes);
      await closed;
    }
    const seen = good.outputBytes;
    await waitFor(() => good.outputBytes > seen);
    assert.equal(look(host, task).status, 'running');
  });

  void it('skips frames that it does not know, and fields', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, 'read line; exit 6');
    const socket = connect(requireTerminal(task));
    test.after(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(
      Buffer.concat([
        encodeJson(FrameType.hello, { protocol: 7, oldest: 1, role: 'send', mood: 'good' }),
        encodeFrame(99, Buffer.from('from the future')),
        encodeFrame(FrameType.input, Buffer.from('x\n')),
      ]),
    );
    assert.equal((await untilOver(host, task)).exitCode, 6);
  });

  void it('refuses one that speaks no protocol of ours, with a word', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, TICKS);
    const socket = connect(requireTerminal(task));
    test.after(() => socket.destroy());
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(encodeJson(FrameType.hello, { protocol: 9, oldest: 9, role: 'send' }));
    await new Promise((resolve) => socket.once('close', resolve));
    assert.match(Buffer.concat(chunks).toString('latin1'), /"reason":"protocol"/);
  });

  void it('outlives a terminal that is killed in the middle of a frame', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, FLOOD);
    const other = new AttachedScreen(test, task);
    const program = `
      const socket = require('node:net').connect(process.argv[1]);
      socket.write(Buffer.from(process.argv[2], 'hex'));
      socket.once('data', () => { socket.write(Buffer.from([2, 0, 0, 200, 0, 65])); console.log('there'); });`;
    const hello = encodeJson(FrameType.hello, {
      protocol: 1,
      oldest: 1,
      role: 'attach',
      columns: 80,
      rows: 24,
    });
    const child = spawn(process.execPath, [
      '-e',
      program,
      requireTerminal(task),
      hello.toString('hex'),
    ]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    const seen = other.outputBytes;
    await waitFor(() => other.outputBytes > seen);
    assert.equal(look(host, task).status, 'running');
  });

  void it('is not held up by a terminal that is stopped, which then gets the screen anew', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(
      host,
      'i=0; while [ $i -lt 150000 ]; do i=$((i+1)); echo "line $i of some length"; done; echo over; exec sleep 1000',
    );
    const [stopped, other] = [new AttachedScreen(test, task), new AttachedScreen(test, task)];
    await waitFor(() => stopped.screens === 1);
    stopped.client.pause();
    await other.until('over', 60_000);
    stopped.client.resume();
    await stopped.until('over');
    assert.ok(stopped.screens > 1);
    await untilSame(other, stopped);
  });

  void it('bears 50 attaches and detaches at a time, again and again', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, TICKS);
    const stayed = new AttachedScreen(test, task);
    await stayed.until('tick');
    const startedAt = performance.now();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => attachOnce(requireTerminal(task))));
    }
    const perSecond = 500 / ((performance.now() - startedAt) / 1000);
    test.diagnostic(`${Math.round(perSecond)} attaches and detaches a second`);
    const seen = stayed.outputBytes;
    await waitFor(() => stayed.outputBytes > seen);
  });

  void it('ends with its keeper, which is reported, and nothing hangs', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, ['sleep', '1000']);
    const screen = new AttachedScreen(test, task);
    await waitFor(() => screen.screens === 1);
    const keeper = look(host, task).processes?.keeper;
    assert.ok(keeper);
    sendSignal(keeper, 'SIGKILL');
    const over = await untilOver(host, task);
    assert.deepEqual([over.status, over.lossReason], ['lost', 'vanished']);
    await waitFor(() => screen.end);
    assert.deepEqual(screen.end, { kind: 'lost' });
  });

  void it('listens where only its user can come', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, ['sleep', '1000']);
    const socket = requireTerminal(task);
    assert.ok(Buffer.byteLength(socket) <= 103);
    assert.equal(lstatSync(socket).mode & 0o777, 0o600);
    assert.equal(lstatSync(path.dirname(socket)).mode & 0o777, 0o700);
  });

  void it('can be reached, however long the paths of its home and of temporary files are', async (test) => {
    const long = path.join(await tempDir(test), ...Array.from({ length: 5 }, () => 'd'.repeat(60)));
    mkdirSync(long, { recursive: true });
    const environment = { TMPDIR: long, XDG_RUNTIME_DIR: long };
    const host = await createTerminalHost(test, { home: path.join(long, 'home'), environment });
    const task = await startInTerminal(host, 'read line; echo "got $line"; read line; exit 3');
    assert.ok(Buffer.byteLength(requireTerminal(task)) <= 103);
    const screen = new AttachedScreen(test, task);
    await waitFor(() => screen.screens === 1);
    screen.type('it\r');
    await screen.until('got it');
    await sendInput(task, Buffer.from('\n'));
    assert.equal((await untilOver(host, task)).exitCode, 3);
  });
});

/** Attaches until the screen is there. */
function attachOnce(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = new TerminalClient(
      socketPath,
      { role: 'attach', columns: 80, rows: 24 },
      {
        onScreen: () => {
          client.close();
          resolve();
        },
        onEnd: () => {
          reject(new Error('the connection was lost'));
        },
      },
    );
  });
}
