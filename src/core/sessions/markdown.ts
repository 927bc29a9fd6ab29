import { oneLine } from '../tasks/describeTask.ts';
import { toPlainText } from '../tasks/plainText.ts';

// What is escaped or fenced here is cleaned before: a document is read in terminals as well, where the escape sequences
// of a text must not count, and what is taken out later could join backticks to a longer run.

/** Text in a paragraph or a heading, on one line, that Markdown shows as it is. */
export function inlineText(text: string): string {
  return oneLine(text, Infinity).replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}

/** Code within a line; as many backticks around it as it takes. */
export function inlineCode(text: string): string {
  const line = oneLine(text, Infinity);
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return line === '' ? '' : `${fence}${space}${line}${space}${fence}`;
}

/** A block of code, whatever is in it. */
export function codeBlock(text: string, language = ''): string {
  const code = toPlainText(text).replace(/\n$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** A cell of a table, where a bar would begin the next one even within code. */
export function tableCell(text: string): string {
  return text.replaceAll(/(?<!\\)\|/g, String.raw`\|`);
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
