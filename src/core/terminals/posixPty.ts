import { closeSync, constants, openSync, readSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { loadPtyBinding, type PtyBinding } from './nodePty.ts';
import type { Pty, PtyCommand, PtyListener } from './pty.ts';
import { PtyWriter } from './ptyWriter.ts';
import type { TerminalSize } from './terminalSize.ts';

const READ_BYTES = 64 * 1024;
/** More than any kernel buffers for a terminal; beyond it someone else is still writing. */
const MAX_REST_BYTES = 4 * 1024 * 1024;

/**
 * A program in a pseudoterminal, of which nothing is lost at the end.
 *
 * When the last process lets go of a terminal, its other side hangs up, and libuv then ends the stream although the
 * kernel still has kilobytes that were not read (it takes a short read together with a hang-up for the end, and reads
 * from a terminal are always short). So we hold the program's side open ourselves until it has ended, and read the rest
 * without libuv: the kernel says EAGAIN, or EIO after the hang-up, only when there really is nothing left.
 */
export class PosixPty implements Pty {
  readonly pid: number;
  readonly #binding: PtyBinding;
  readonly #listener: PtyListener;
  readonly #descriptor: number;
  readonly #stream: ReadStream;
  readonly #writer: PtyWriter;
  #heldSide: number | undefined;
  #isPaused = false;
  #isClosed = false;

  constructor({ argv, cwd, environment, size }: PtyCommand, listener: PtyListener) {
    const { binding, helperPath } = loadPtyBinding();
    const [file = '', ...rest] = argv;
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const onExit = (exitCode: number, signal: number): void => {
      this.#end(signal > 0 ? 128 + signal : exitCode);
    };
    const forked = binding.fork(
      file,
      rest,
      variables,
      cwd,
      size.columns,
      size.rows,
      -1,
      -1,
      true,
      helperPath,
      onExit,
    );
    this.pid = forked.pid;
    this.#binding = binding;
    this.#listener = listener;
    this.#descriptor = forked.fd;
    this.#heldSide = openOrNothing(forked.pty);
    this.#writer = new PtyWriter(forked.fd);
    // Half open, lest it closes the descriptor before we have read the rest.
    this.#stream = new ReadStream(forked.fd, { allowHalfOpen: true });
    this.#stream.on('data', (bytes: Buffer) => {
      listener.onData(bytes);
    });
    this.#stream.on('end', () => {
      this.#close();
    });
    // EIO: it has hung up.
    this.#stream.on('error', () => {
      this.#close();
    });
  }

  write(bytes: Buffer): Promise<void> {
    return this.#writer.write(bytes);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isClosed) this.#binding.resize(this.#descriptor, columns, rows);
  }

  pause(): void {
    this.#isPaused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isClosed) this.#stream.resume();
  }

  #end(exitCode: number): void {
    if (!this.#isClosed) {
      this.#stream.pause();
      this.#readRest();
    }
    this.#listener.onExit(exitCode);
    if (this.#heldSide !== undefined) closeSync(this.#heldSide);
    this.#heldSide = undefined;
    if (!this.#isPaused && !this.#isClosed) this.#stream.resume();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#readRest();
    this.#writer.close();
    this.#stream.destroy();
    this.#listener.onClose();
  }

  /** Everything that was written so far. */
  #readRest(): void {
    const buffered = this.#stream.read() as Buffer | null;
    if (buffered !== null) this.#listener.onData(buffered);
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let total = 0; total < MAX_REST_BYTES;) {
      const count = readOrNothing(this.#descriptor, buffer);
      if (count === 0) return;
      this.#listener.onData(Buffer.from(buffer.subarray(0, count)));
      total += count;
    }
  }
}

/** Without O_NOCTTY it would become the terminal of the keeper, whose session leader it would signal. */
function openOrNothing(terminal: string): number | undefined {
  try {
    return openSync(terminal, constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** EAGAIN, EIO, or the end: nothing is there. */
function readOrNothing(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer);
  } catch {
    return 0;
  }
}
