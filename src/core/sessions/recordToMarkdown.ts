import { toPlainText } from '../tasks/plainText.ts';
import { isTextPart, isToolCallPart, isToolResultPart, type MessagePart } from './journalLines.ts';
import { codeBlock, inlineCode, inlineText, tableCell } from './markdown.ts';
import type { SessionMessage } from './readMessages.ts';
import type { SessionRecord } from './sessionRecord.ts';

const speakers = { user: 'User', assistant: 'Assistant', system: 'System', tool: 'Tool' } as const;

/** A record as a document that people read. */
export function recordToMarkdown(record: SessionRecord): string {
  const title = record.title ?? record.firstPrompt ?? record.sessionId;
  const sections = [
    `# ${inlineText(title)}`,
    aboutSection(record),
    goalsSection(record),
    tasksSection(record),
    filesSection(record),
    listSection('Permissions', record.permissions.approvedTools.map(inlineCode)),
    notesSection(record),
    record.summary === null ? '' : `## Summary\n\n${toPlainText(record.summary)}`,
    messagesSection(record.messages),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

export function goalsSection({ goals }: SessionRecord): string {
  return listSection(
    'Goals',
    goals.map(({ text, isDone }) => `[${isDone ? 'x' : ' '}] ${inlineText(text)}`),
  );
}

export function notesSection({ notes }: SessionRecord): string {
  return listSection('Notes', notes.map(inlineText));
}

export function tasksSection({ backgroundTasks }: SessionRecord): string {
  const rows = Object.entries(backgroundTasks).map(([id, task]) => {
    const code = task.exitCode === null ? '' : String(task.exitCode);
    return `| ${[id, task.status, code, tableCell(inlineCode(task.command))].join(' | ')} |`;
  });
  if (rows.length === 0) return '';
  const heading = '| Task | Status | Exit code | Command |\n| --- | --- | --- | --- |';
  return `## Background tasks\n\n${heading}\n${rows.join('\n')}`;
}

export function filesSection({ fileContext }: SessionRecord): string {
  const { read, modified, created } = fileContext;
  const changed = new Set([...modified, ...created]);
  return listSection('Files', [
    ...created.map((path) => `${inlineCode(path)} (created)`),
    ...modified
      .filter((path) => !created.includes(path))
      .map((path) => `${inlineCode(path)} (modified)`),
    ...read.filter((path) => !changed.has(path)).map((path) => `${inlineCode(path)} (read)`),
  ]);
}

function aboutSection(record: SessionRecord): string {
  const facts: [string, string | null][] = [
    ['Session', inlineCode(record.sessionId)],
    ['Workspace', record.workspace === null ? null : inlineCode(record.workspace)],
    ['Directory', record.cwd === null ? null : inlineCode(record.cwd)],
    ['Started', record.startTime],
    ['Last active', record.lastActive],
    ['Branch of', record.parent === null ? null : inlineCode(record.parent)],
    ['Messages', String(record.messageCount)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : `- ${name}: ${value}`)).join('\n');
}

function listSection(heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `## ${heading}\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function messagesSection(messages: readonly SessionMessage[]): string {
  if (messages.length === 0) return '';
  const texts = messages.map(({ role, time, parts }) => {
    const body = parts.map(partToMarkdown).filter((text) => text !== '');
    return [`### ${speakers[role]}, ${time}`, ...body].join('\n\n');
  });
  return ['## Messages', ...texts].join('\n\n');
}

function partToMarkdown(part: MessagePart): string {
  if (isTextPart(part)) return toPlainText(part.text).trim();
  // For its model alone; a conversation's transcript shows it folded.
  if (part.type === 'thinking') return '';
  if (isToolCallPart(part)) {
    return `Tool call ${inlineCode(part.name)}:\n\n${codeBlock(asText(part.input), 'json')}`;
  }
  if (isToolResultPart(part)) {
    const heading = part.isError === true ? 'Tool failed:' : 'Tool result:';
    return `${heading}\n\n${codeBlock(asText(part.output))}`;
  }
  return codeBlock(asText(part), 'json');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null, undefined, 2);
}
