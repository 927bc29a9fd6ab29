/** Longer lines are cut: they are minified code or data. */
export const MAX_LINE_CHARS = 2000;
/** What one answer holds: some 20,000 tokens. */
const MAX_READ_CHARS = 80_000;

export interface NumberedLines {
  /** As `cat -n` prints them. */
  readonly text: string;
  /** The last line that is in the text; one less than the first that was asked for if there is none. */
  readonly lastLine: number;
}

/** Numbers lines from `firstLine` on (1 is the first), as many as fit into an answer. */
export function numberLines(lines: readonly string[], firstLine: number): NumberedLines {
  const numbered: string[] = [];
  let length = 0;
  let lastLine = firstLine - 1;
  for (const line of lines) {
    const shown = `${String(lastLine + 1).padStart(6)}\t${cutLine(line)}`;
    length += shown.length + 1;
    if (length > MAX_READ_CHARS) break;
    numbered.push(shown);
    lastLine += 1;
  }
  return { text: numbered.join('\n'), lastLine };
}

export function cutLine(line: string, maxChars = MAX_LINE_CHARS): string {
  if (line.length <= maxChars) return line;
  // Not in the middle of a character of two units.
  const end = /[\uD800-\uDBFF]/.test(line.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
  return `${line.slice(0, end)}… [${line.length - end} more characters]`;
}

/** The lines of a text; the newline at its end closes the last one. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
