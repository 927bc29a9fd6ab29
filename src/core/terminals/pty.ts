import type { TerminalSize } from './terminalSize.ts';

/** What runs in a pseudoterminal. */
export interface PtyCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly size: TerminalSize;
}

/** Told by a pseudoterminal. */
export interface PtyListener {
  onData(bytes: Buffer): void;
  /** The command has ended, as a shell tells it; everything it had written has been given to `onData` before. */
  onExit(exitCode: number): void;
  /** Nothing can be written to the terminal any more: what the command left behind has let go of it, too. */
  onClose(): void;
}

/** A program in a pseudoterminal that this process holds: the terminal dies with us. */
export interface Pty {
  readonly pid: number;
  /** Resolves when the terminal has taken all of it, which a program that does not read can hold up for ever. */
  write(bytes: Buffer): Promise<void>;
  resize(size: TerminalSize): void;
  /** The program then has to wait as soon as the kernel's small buffer is full. */
  pause(): void;
  resume(): void;
}
