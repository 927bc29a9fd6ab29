/**
 * Text of unknown origin as Markdown that shows it as it is. Every punctuation mark is escaped (CommonMark 2.4), so
 * nothing in it is a link, an entity, HTML, a table's border or an address that is made a link by itself.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
