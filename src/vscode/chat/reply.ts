import * as vscode from 'vscode';

/** Commands that links in our answers may call. */
const LINKED = [
  'holdfast.tasks.showOutput',
  'holdfast.tasks.kill',
  'holdfast.tasks.restart',
  'holdfast.sessions.show',
  'holdfast.sessions.resume',
  'holdfast.permissions.revoke',
] as const;

type LinkedCommand = (typeof LINKED)[number];

/** Markdown of our own words, with links to commands of ours. Texts of unknown origin have to be escaped in it. */
export function reply(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: [...LINKED] };
  return markdown;
}

/** A link that calls a command. */
export function commandLink(label: string, command: LinkedCommand, ...args: unknown[]): string {
  return `[${label}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
}

/** Text of unknown origin as code in a line or a cell of a table. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Text of unknown origin as a block of code. */
export function codeBlock(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Text of unknown origin among our own words. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~$-]/g, '\\$&');
}
