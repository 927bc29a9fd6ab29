import { describeTool } from './describeTool.ts';
import {
  objectOf,
  textOf,
  timeOf,
  toolResultsOf,
  toolUsesOf,
  type ToolResult,
  type ToolUse,
  type TranscriptLine,
} from './transcriptLine.ts';
import type { TranscriptTask } from './transcriptSummary.ts';

/** More are counted, but not named. */
const MAX_FILES = 1000;
const MAX_TASKS = 200;
const MAX_COMMAND_CHARACTERS = 300;

type FileUse = 'read' | 'modified' | 'created';

/** A tool call that waits for its result. */
interface PendingUse {
  readonly name: string;
  readonly words: string;
  readonly file?: string;
  readonly command?: string;
}

/** What the tool calls of a transcript have done so far; goes into the cache as it is, so plain data. */
export interface ToolEffects {
  readonly files: Record<string, FileUse>;
  moreFiles: number;
  readonly tasks: Record<string, TranscriptTask>;
  readonly pending: Record<string, PendingUse>;
}

export function noEffects(): ToolEffects {
  return { files: {}, moreFiles: 0, tasks: {}, pending: {} };
}

const FILE_FIELDS = new Map([
  ['Read', 'file_path'],
  ['Edit', 'file_path'],
  ['MultiEdit', 'file_path'],
  ['Write', 'file_path'],
  ['NotebookRead', 'notebook_path'],
  ['NotebookEdit', 'notebook_path'],
]);
const READERS = new Set(['Read', 'NotebookRead']);

/** Takes in what a line of the assistant asks for, and what a line of the user's side brings back. */
export function applyToolLine(effects: ToolEffects, line: TranscriptLine): void {
  for (const use of toolUsesOf(line)) effects.pending[use.id] = pendingOf(use);
  for (const result of toolResultsOf(line)) applyResult(effects, line, result);
}

function pendingOf(use: ToolUse): PendingUse {
  const { name, input } = use;
  const file = textOf(input, FILE_FIELDS.get(name) ?? '');
  const command = name === 'Bash' ? textOf(input, 'command') : undefined;
  return {
    name,
    words: describeTool(use),
    ...(file === undefined ? {} : { file }),
    ...(command === undefined ? {} : { command: command.slice(0, MAX_COMMAND_CHARACTERS) }),
  };
}

function applyResult(effects: ToolEffects, line: TranscriptLine, result: ToolResult): void {
  const { [result.toolUseId]: use } = effects.pending;
  forgetPending(effects, result.toolUseId);
  if (use === undefined || result.isError) return;
  const details = objectOf(line, 'toolUseResult');
  if (use.file !== undefined) noteFile(effects, use.file, fileUseOf(use.name, details));
  const id = textOf(details, 'backgroundTaskId');
  if (id !== undefined && Object.keys(effects.tasks).length < MAX_TASKS) {
    const startedMs = timeOf(line) ?? 0;
    effects.tasks[id] = { id, command: use.command ?? use.words, startedMs, status: 'running' };
  }
}

export function forgetPending(effects: ToolEffects, toolUseId: string): void {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- plain data, so that the cache can hold it
  delete effects.pending[toolUseId];
}

function fileUseOf(tool: string, details: TranscriptLine): FileUse {
  if (READERS.has(tool)) return 'read';
  return tool === 'Write' && details['type'] === 'create' ? 'created' : 'modified';
}

/** A file that was created and then edited stays created; one that was read and then edited was modified. */
function noteFile(effects: ToolEffects, file: string, use: FileUse): void {
  const { [file]: known } = effects.files;
  if (known === undefined && Object.keys(effects.files).length >= MAX_FILES) {
    effects.moreFiles += 1;
    return;
  }
  if (known === undefined || known === 'read') effects.files[file] = use;
}

const NOTIFICATION = /<task-notification>([\s\S]*?)<\/task-notification>/g;

/** Takes in what Claude Code said about the end of its background tasks. */
export function applyNotifications(effects: ToolEffects, text: string, atMs: number): void {
  if (!text.includes('<task-notification>')) return;
  for (const [, body = ''] of text.matchAll(NOTIFICATION)) {
    const id = /<task-id>([^<]*)<\/task-id>/.exec(body)?.[1] ?? '';
    const status = /<status>([^<]*)<\/status>/.exec(body)?.[1];
    const { [id]: task } = effects.tasks;
    if (task !== undefined && status !== undefined) {
      effects.tasks[id] = { ...task, status, endedMs: atMs };
    }
  }
}
