import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { encodeFrame, encodeJson, FrameType } from '../../../src/core/terminals/frames.ts';
import { TerminalScreen } from '../../../src/core/terminals/screen.ts';
import {
  TerminalClient,
  type ClientListener,
  type TerminalEnd,
} from '../../../src/core/terminals/terminalClient.ts';
import { TerminalServer } from '../../../src/core/terminals/terminalServer.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';
import { waitFor } from '../../support/waitFor.ts';

const SIZE = { columns: 80, rows: 24 };

/** A keeper of another version, which says what the test has it say. */
async function listenAs(test: Cleanup, onClient: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onClient(socket);
  });
  const socketPath = path.join(await tempDir(test), 'keeper.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return Promise.resolve();
  });
  return socketPath;
}

function attach(
  test: Cleanup,
  socketPath: string,
  listener: Partial<ClientListener>,
): TerminalClient {
  const client = new TerminalClient(
    socketPath,
    { role: 'attach', ...SIZE },
    { onEnd: () => undefined, ...listener },
  );
  test.after(() => {
    client.close();
    return Promise.resolve();
  });
  return client;
}

void describe('a terminal of this version', () => {
  void it('speaks to a newer keeper that still speaks ours, and skips what it does not know', async (test) => {
    const socketPath = await listenAs(test, (socket) => {
      socket.write(
        Buffer.concat([
          encodeJson(FrameType.hello, { protocol: 9, oldest: 1, id: 'bash_1', mood: 'good' }),
          encodeFrame(99, Buffer.from('from the future')),
          encodeJson(FrameType.size, { ...SIZE, pixels: 7 }),
          encodeFrame(FrameType.screen, Buffer.from('the screen')),
          encodeJson(FrameType.end, { exitCode: 3, reason: 'new' }),
        ]),
      );
      socket.end();
    });
    const seen: { screen?: string; end?: TerminalEnd } = {};
    attach(test, socketPath, {
      onScreen: (bytes) => (seen.screen = bytes.toString()),
      onEnd: (end) => (seen.end = end),
    });
    await waitFor(() => seen.end);
    assert.deepEqual(seen, { screen: 'the screen', end: { kind: 'ended', exitCode: 3 } });
  });

  void it('leaves a keeper that does not speak ours any more, and says why', async (test) => {
    const socketPath = await listenAs(test, (socket) => {
      socket.write(encodeJson(FrameType.hello, { protocol: 9, oldest: 2, id: 'bash_1' }));
    });
    const seen: { end?: TerminalEnd } = {};
    attach(test, socketPath, { onEnd: (end) => (seen.end = end) });
    await waitFor(() => seen.end);
    assert.deepEqual(seen.end, { kind: 'refused' });
  });

  void it('takes whoever is no keeper for one that is gone', async (test) => {
    const socketPath = await listenAs(test, (socket) =>
      socket.write('HTTP/1.1 400 Bad Request\r\n'),
    );
    const seen: { end?: TerminalEnd } = {};
    attach(test, socketPath, { onEnd: (end) => (seen.end = end) });
    await waitFor(() => seen.end);
    assert.deepEqual(seen.end, { kind: 'lost' });
  });
});

void describe('a terminal that does not read', () => {
  void it('costs the keeper no more than a little, whatever the program does, and is then told the last', async (test) => {
    const screen = new TerminalScreen(SIZE, {
      onReply: () => undefined,
      onTitle: (title) => {
        server.showTitle(title);
      },
      onError: assert.ifError,
    });
    const server = new TerminalServer('bash_1', screen);
    const socketPath = path.join(await tempDir(test), 'keeper.sock');
    await server.listen(socketPath);
    const seen = { screens: 0, bytes: 0, title: '' };
    const client = attach(test, socketPath, {
      onScreen: () => (seen.screens += 1),
      onTitle: (title) => {
        seen.title = title;
        seen.bytes += title.length;
      },
    });
    await waitFor(() => seen.screens === 1);
    client.pause();
    const filling = 'x'.repeat(20_000);
    for (let count = 0; count < 1000; count += 1) {
      screen.write(Buffer.from(`\x1b]2;${count} ${filling}\x07`));
    }
    client.resume();
    await waitFor(() => seen.title.startsWith('999 '));
    assert.equal(seen.screens, 2);
    assert.ok(seen.bytes < 3 * 1024 * 1024, `${seen.bytes} bytes of titles were kept for it`);
    client.close();
    await server.end(0);
  });
});
