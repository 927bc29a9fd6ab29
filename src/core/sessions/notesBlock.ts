/** Between these lines the text is ours; everything else in the file is its user's. */
const BEGIN = '<!-- holdfast:begin -->';
const END = '<!-- holdfast:end -->';

/** Puts generated text in place of what was generated before, or at the end; leaves every other byte as it is. */
export function replaceBlock(text: string, generated: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = generated.replaceAll('<!-- holdfast:', '<!-- holdfast ').trim();
  const block = `${BEGIN}\n${inner}\n${END}`.replaceAll('\n', newline);
  const found = findBlock(text);
  if (found !== undefined) return text.slice(0, found.start) + block + text.slice(found.end);
  if (text.trim() === '') return block + newline;
  const gap = text.endsWith('\n') ? newline : newline + newline;
  return text + gap + block + newline;
}

/** The begin nearest before an end: after half a block, what the user wrote must not count as ours. */
function findBlock(text: string): { start: number; end: number } | undefined {
  for (let end = text.indexOf(END); end !== -1; end = text.indexOf(END, end + 1)) {
    const start = text.lastIndexOf(BEGIN, end);
    if (start !== -1) return { start, end: end + END.length };
  }
  return undefined;
}
