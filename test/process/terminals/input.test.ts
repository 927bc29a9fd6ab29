import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HoldfastError } from '../../../src/core/common/errors.ts';
import { sendInput } from '../../../src/core/terminals/sendInput.ts';
import { AttachedScreen } from '../../support/attachedScreen.ts';
import { filesOf, look, start, untilOver } from '../../support/taskHost.ts';
import { waitFor } from '../../support/waitFor.ts';
import { createTerminalHost, isSocketThere, startInTerminal } from './support.ts';

const BASH = ['bash', '--norc', '--noprofile', '-i'];

void describe('what is typed', { concurrency: 3 }, () => {
  void it('reaches the program from a sender, too', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, 'read answer; echo "got $answer"; exit 4');
    await sendInput(task, Buffer.from('yes\n'));
    const over = await untilOver(host, task);
    assert.equal(over.exitCode, 4);
    assert.equal(readFileSync(filesOf(task).output, 'utf8'), 'yes\r\ngot yes\r\n');
  });

  void it('reaches the program also when it was typed before the keeper answered', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, 'read answer; echo "got $answer"; exit 4');
    const early = new AttachedScreen(test, task);
    early.type('early\n');
    // Whoever leaves at once has typed it all the same.
    early.client.close();
    const over = await untilOver(host, task);
    assert.equal(over.exitCode, 4);
    assert.match(readFileSync(filesOf(task).output, 'utf8'), /got early/);
  });

  void it('interrupts with Ctrl+C and stops with Ctrl+Z', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, BASH);
    const screen = new AttachedScreen(test, task);
    await screen.until('$ ');
    screen.type('sleep 1000\r');
    await screen.until('sleep 1000\n');
    screen.type('\x03');
    await screen.until(/\^C\n\$ /);
    screen.type('sleep 2000\r');
    await screen.until('sleep 2000\n');
    screen.type('\x1a');
    await screen.until('Stopped');
    // With a job that is stopped, a shell wants to be told twice.
    screen.type('exit 5\r');
    await screen.until('stopped jobs');
    screen.type('exit 5\r');
    await waitFor(() => screen.end, { describe: () => screen.text });
    assert.deepEqual(screen.end, { kind: 'ended', exitCode: 5 });
  });

  void it('may be a paste of 1 MB, which arrives whole in a program that echoes it', async (test) => {
    const host = await createTerminalHost(test);
    const line = 'stty raw; echo ready; head -c 1048576 | tee /dev/tty | sha256sum';
    const task = await startInTerminal(host, line);
    const screen = new AttachedScreen(test, task);
    await screen.until('ready');
    const paste = Buffer.alloc(1024 * 1024, 'pasted text, ');
    screen.client.type(paste);
    const over = await untilOver(host, task, 60_000);
    assert.equal(over.exitCode, 0);
    const hash = createHash('sha256').update(paste).digest('hex');
    assert.ok(readFileSync(filesOf(task).output, 'utf8').includes(hash));
  });

  void it('waits for a program that does not read, and holds up nobody else', async (test) => {
    const host = await createTerminalHost(test);
    const line = 'stty raw -echo; until [ -e gate ]; do echo alive; sleep 0.1; done';
    const task = await startInTerminal(host, line);
    const pasting = new AttachedScreen(test, task);
    const other = new AttachedScreen(test, task);
    await pasting.until('alive');
    pasting.client.type(Buffer.alloc(4 * 1024 * 1024, 'x'));
    const before = look(host, task).outputBytes;
    await waitFor(() => look(host, task).outputBytes > before + 50);
    const seen = other.outputBytes;
    await waitFor(() => other.outputBytes > seen);
  });

  void it('is refused for a task without a terminal, and for one that is over', async (test) => {
    const host = await createTerminalHost(test);
    const plain = await start(host, ['sleep', '1000'], { keeper: 'sh' });
    assert.throws(() => void sendInput(plain, Buffer.from('x')), isCode('terminal.none'));
    const task = await startInTerminal(host, 'true');
    const over = await untilOver(host, task);
    assert.throws(() => void sendInput(over, Buffer.from('x')), isCode('task.notRunning'));
    await waitFor(() => !isSocketThere(task));
  });
});

void describe('several terminals at one program', () => {
  void it('see the same, and the last to type sets the size', async (test) => {
    const host = await createTerminalHost(test);
    const task = await startInTerminal(host, BASH);
    const [one, two] = [
      new AttachedScreen(test, task, { columns: 100, rows: 30 }),
      new AttachedScreen(test, task, { columns: 60, rows: 20 }),
    ];
    await one.until('$ ');
    one.type('stty size\r');
    await two.until('30 100');
    two.type('stty size\r');
    await one.until('20 60');
    assert.deepEqual([one.terminal.cols, two.terminal.cols], [60, 60]);
    two.close();
    one.type('echo "again: $(stty size)"\r');
    await one.until('again: 30 100');
  });

  void it('give one answer to what the program asks of its terminal', async (test) => {
    const host = await createTerminalHost(test);
    const line = String.raw`stty raw -echo; read -r go; printf '\033[c\033[6n'; head -c 12 | od -An -c; sleep 1; printf '\033[c'; head -c 5 >/dev/null; echo; timeout 0.5 cat | wc -c`;
    const task = await startInTerminal(host, line);
    const screens = [new AttachedScreen(test, task), new AttachedScreen(test, task)];
    for (const screen of screens) {
      await waitFor(() => screen.screens > 0);
      screen.terminal.onData((data) => {
        screen.type(data);
      });
    }
    await sendInput(task, Buffer.from('\n'));
    await untilOver(host, task);
    assert.match(readFileSync(filesOf(task).output, 'utf8'), /\n\s*0\n?$/);
  });
});

function isCode(code: string): (error: unknown) => boolean {
  return (error) => HoldfastError.is(error) && error.code === code;
}
