import type { IPty } from '@lydell/node-pty';
import { loadNodePty } from './nodePty.ts';
import type { Pty, PtyCommand, PtyListener } from './pty.ts';
import type { TerminalSize } from './terminalSize.ts';

/** A program in a pseudoconsole of Windows, which itself sees to it that everything written is read before the end. */
export class WindowsPty implements Pty {
  readonly pid: number;
  readonly #pty: IPty;
  #isOver = false;

  constructor({ argv, cwd, environment, size }: PtyCommand, listener: PtyListener) {
    const [file = '', ...rest] = argv;
    this.#pty = loadNodePty().spawn(file, rest, {
      cwd,
      env: { ...environment },
      cols: size.columns,
      rows: size.rows,
    });
    this.pid = this.#pty.pid;
    this.#pty.onData((text) => {
      listener.onData(Buffer.from(text, 'utf8'));
    });
    this.#pty.onExit(({ exitCode }) => {
      this.#isOver = true;
      listener.onExit(exitCode);
      listener.onClose();
    });
  }

  write(bytes: Buffer): Promise<void> {
    if (!this.#isOver) this.#pty.write(bytes.toString('utf8'));
    return Promise.resolve();
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#isOver) this.#pty.resize(columns, rows);
  }

  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }
}
