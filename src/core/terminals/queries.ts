/**
 * What programs ask of their terminal, by the sequence without its ESC. The screen in the keeper answers what it can,
 * always, so that a program gets one answer whether nobody is attached or several are.
 */

/** Device attributes, status and position, modes, version, size in characters; and keyboard protocols nobody has here. */
const ANSWERED = [
  /^\[[>=]?0?c$/,
  /^\[\??[56]n$/,
  /^\[\??\d+\$p$/,
  /^\[>0?q$/,
  /^\[18t$/,
  /^\[\?u$/,
  /^P\$q/,
];

/** Colours, the clipboard, capabilities, a dark or light theme: each terminal has its own. */
const FOR_ONE = [
  /^\](?:4;\d+|1[0-9]|5;\d+);\?/,
  /^\]52;[^;]*;\?/,
  /^P\+q/,
  /^\[\?996n$/,
  /^\[(?:1[1-9]|2[01])t$/,
  /^Z$/,
];

/** The final bytes of the control sequences above: most others are colours and moves, and one byte tells those. */
const FINAL_BYTES = new Set(Array.from('cnpqtu', (char) => char.charCodeAt(0)));

export function mayAsk(finalByte: number): boolean {
  return FINAL_BYTES.has(finalByte);
}

export function isAnsweredByScreen(sequence: string): boolean {
  return ANSWERED.some((query) => query.test(sequence));
}

export function isForOneTerminal(sequence: string): boolean {
  return FOR_ONE.some((query) => query.test(sequence));
}
