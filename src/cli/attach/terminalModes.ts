const ESC = '\x1b';

/** Takes back whatever a program may have set, on any terminal; what one does not know it leaves out. */
const CALM = [
  `${ESC}[?1049l`,
  ...[1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 1, 6].map((mode) => `${ESC}[?${mode}l`),
  // Keyboard protocols of single terminals.
  `${ESC}[<u`,
  `${ESC}[>4;0m`,
  // Insert, keypad, wrapping, cursor, scroll region, character sets, pen.
  `${ESC}[4l${ESC}>${ESC}[?7h${ESC}[?25h${ESC}[0 q${ESC}[r${ESC}(B\x0f${ESC}[0m`,
].join('');

const SAVE_TITLE = `${ESC}[22;0t`;
const RESTORE_TITLE = `${ESC}[23;0t`;

/** Before the kept screen is drawn: what the caller's screen shows goes into its scrollback, not away. */
export function enterSequence(rows: number): string {
  return `${SAVE_TITLE}${ESC}[${rows};1H${'\n'.repeat(rows)}${ESC}[H`;
}

/** Before it is drawn again: nothing of it is in place any more. */
export function againSequence(): string {
  return `${CALM}${ESC}[H${ESC}[2J`;
}

/** After it: the terminal is the caller's, below what is shown. */
export function leaveSequence(rows: number): string {
  return `${CALM}${RESTORE_TITLE}${ESC}[${rows};1H\r\n`;
}
