import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomicSync } from '../common/atomicFile.ts';
import { unreadable } from '../common/errors.ts';
import { isTextPart } from './journalLines.ts';
import { inlineCode, inlineText } from './markdown.ts';
import { replaceBlock } from './notesBlock.ts';
import type { SessionMessage } from './readMessages.ts';
import { filesSection, goalsSection, notesSection, tasksSection } from './recordToMarkdown.ts';
import type { SessionRecord } from './sessionRecord.ts';

export const NOTES_FILE = 'SESSION_NOTES.md';

const MESSAGES_SHOWN = 10;
const MAX_MESSAGE_CHARACTERS = 500;
/** Like any file of the user's own that other tools read. */
const NEW_FILE_MODE = 0o644;

/**
 * Writes where a session stands into the folder's SESSION_NOTES.md (or `name`), in place of what was written so before. What the
 * user has written around it stays. Gives the file's path.
 * @throws HoldfastError `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function writeSessionNotes(
  folder: string,
  record: SessionRecord,
  nowMs: number,
  name = NOTES_FILE,
): string {
  const named = path.join(folder, name);
  const isNew = !existsSync(named);
  // Through a link, so that it stays one.
  const file = isNew ? named : realpathSync(named);
  const mode = isNew ? NEW_FILE_MODE : statSync(file).mode & 0o777;
  const before = isNew ? '# Session notes\n' : readText(file);
  const after = replaceBlock(before, notesOf(record, nowMs));
  if (after !== before) writeFileAtomicSync(file, after, { mode });
  return file;
}

/** The generated part, with headings below the file's own. */
export function notesOf(record: SessionRecord, nowMs: number): string {
  const title = record.title ?? record.firstPrompt ?? record.sessionId;
  const sections = [
    `## ${inlineText(title)}`,
    `Session ${inlineCode(record.sessionId)}, as of ${new Date(nowMs).toISOString()}.`,
    record.summary === null ? '' : record.summary,
    ...[goalsSection(record), notesSection(record), tasksSection(record), filesSection(record)].map(
      lowerHeading,
    ),
    lastMessages(record.messages),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function lowerHeading(section: string): string {
  return section.replace(/^## /, '### ');
}

function lastMessages(messages: readonly SessionMessage[]): string {
  const items = messages.slice(-MESSAGES_SHOWN).flatMap(({ role, parts }) => {
    const text = parts.flatMap((part) => (isTextPart(part) ? part.text : [])).join(' ');
    const short = Array.from(inlineText(text)).slice(0, MAX_MESSAGE_CHARACTERS).join('');
    return short === '' ? [] : `- **${role}**: ${short}`;
  });
  return items.length === 0 ? '' : `### Last messages\n\n${items.join('\n')}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}
