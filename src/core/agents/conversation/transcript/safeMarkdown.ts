/** A line that opens or closes a block of code. */
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
/** Code within a line, however many backticks are around it. */
const CODE_SPAN = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;

/**
 * Markdown from a user or a model as it may stand in a document: no HTML, and no picture, since showing one fetches it
 * from wherever its writer wants to know what is in the address. A block of code that was never closed is closed.
 */
export function safeMarkdown(text: string): string {
  const result: string[] = [];
  let plain: string[] = [];
  let fence: string | undefined;
  const flush = (): void => {
    if (plain.length > 0) result.push(safeText(plain.join('\n')));
    plain = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const [, mark, info = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined) {
      const opens = mark !== undefined && !(mark.startsWith('`') && info.includes('`'));
      if (!opens) {
        plain.push(line);
        continue;
      }
      flush();
      fence = mark;
    } else if (mark?.startsWith(fence) === true && info.trim() === '') fence = undefined;
    result.push(line);
  }
  flush();
  if (fence !== undefined) result.push(fence);
  return result.join('\n');
}

function safeText(text: string): string {
  let result = '';
  let position = 0;
  for (const match of text.matchAll(CODE_SPAN)) {
    // A span does not reach over an empty line: those backticks are text.
    if (/\n\s*\n/.test(match[0])) continue;
    result += escapeText(text.slice(position, match.index)) + match[0];
    position = match.index + match[0].length;
  }
  return result + escapeText(text.slice(position));
}

function escapeText(text: string): string {
  return text.replaceAll(/<(?=[a-z/!?])/gi, '&lt;').replaceAll('![', String.raw`!\[`);
}
