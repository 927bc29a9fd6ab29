import { PosixPty } from './posixPty.ts';
import type { Pty, PtyCommand, PtyListener } from './pty.ts';
import { WindowsPty } from './windowsPty.ts';

/** Starts a program in a pseudoterminal of this system. */
export function openPty(command: PtyCommand, listener: PtyListener): Pty {
  return process.platform === 'win32'
    ? new WindowsPty(command, listener)
    : new PosixPty(command, listener);
}
