import { promptOf } from './prompt.ts';
import {
  applyNotifications,
  applyToolLine,
  forgetPending,
  noEffects,
  type ToolEffects,
} from './toolEffects.ts';
import { objectOf, textOf, timeOf, wordsOf, type TranscriptLine } from './transcriptLine.ts';
import type { TranscriptDetails, TranscriptSummary } from './transcriptSummary.ts';
import { projectSlug } from './claudeDirectory.ts';

const MAX_PROMPT_CHARACTERS = 300;

/** What has been learned from the lines of a transcript so far. Plain data: the cache keeps it, to go on from there. */
export interface TranscriptState {
  readonly id: string;
  readonly slug: string;
  cwd?: string;
  /** The cwd of the first line, in case none has the project's name. */
  anyCwd?: string;
  customTitle?: string;
  aiTitle?: string;
  summary?: string;
  firstPrompt?: string;
  lastPrompt?: string;
  startMs?: number;
  lastMs?: number;
  messageCount: number;
  /** An answer has as many lines as it has blocks. */
  lastAnswer?: string;
  gitBranch?: string;
  version?: string;
  entrypoint?: string;
  permissionMode?: string;
  parent?: string;
  damagedLines: number;
  readonly effects: ToolEffects;
}

export function newTranscriptState(id: string, slug: string): TranscriptState {
  return { id, slug, messageCount: 0, damagedLines: 0, effects: noEffects() };
}

/** Takes one line in. Types and fields that are not known change nothing. */
export function applyTranscriptLine(state: TranscriptState, line: TranscriptLine): void {
  applyCommon(state, line);
  switch (line['type']) {
    case 'user':
      applyUser(state, line);
      break;
    case 'assistant':
      applyAssistant(state, line);
      break;
    case 'queue-operation':
      applyNotifications(state.effects, textOf(line, 'content') ?? '', state.lastMs ?? 0);
      break;
    default:
      applyMetadata(state, line);
  }
}

function applyCommon(state: TranscriptState, line: TranscriptLine): void {
  const timeMs = timeOf(line);
  if (timeMs !== undefined) {
    state.startMs = Math.min(state.startMs ?? timeMs, timeMs);
    state.lastMs = Math.max(state.lastMs ?? timeMs, timeMs);
  }
  const cwd = textOf(line, 'cwd');
  if (cwd !== undefined && state.cwd === undefined) {
    state.anyCwd ??= cwd;
    // Claude may have changed directories since; the project's folder is named after the one it started in.
    if (projectSlug(cwd) === state.slug) state.cwd = cwd;
  }
  set(state, 'gitBranch', textOf(line, 'gitBranch'));
  set(state, 'version', textOf(line, 'version'));
  set(state, 'entrypoint', textOf(line, 'entrypoint'));
  set(state, 'permissionMode', textOf(line, 'permissionMode'));
  const parent = textOf(objectOf(line, 'forkedFrom'), 'sessionId');
  if (parent !== undefined && parent !== state.id) state.parent = parent;
}

function applyUser(state: TranscriptState, line: TranscriptLine): void {
  applyToolLine(state.effects, line);
  applyNotifications(state.effects, wordsOf(line), timeOf(line) ?? 0);
  const prompt = promptOf(line);
  if (prompt === undefined) return;
  // Whatever waited for a result when the user went on will never have one.
  for (const id of Object.keys(state.effects.pending)) forgetPending(state.effects, id);
  state.messageCount += 1;
  state.firstPrompt ??= prompt.slice(0, MAX_PROMPT_CHARACTERS);
  state.lastPrompt = prompt.slice(0, MAX_PROMPT_CHARACTERS);
}

function applyAssistant(state: TranscriptState, line: TranscriptLine): void {
  if (line['isSidechain'] === true) return;
  applyToolLine(state.effects, line);
  const answer = textOf(objectOf(line, 'message'), 'id') ?? textOf(line, 'uuid');
  if (answer === undefined || answer === state.lastAnswer) return;
  state.lastAnswer = answer;
  state.messageCount += 1;
}

function applyMetadata(state: TranscriptState, line: TranscriptLine): void {
  set(state, 'customTitle', textOf(line, 'customTitle'));
  set(state, 'aiTitle', textOf(line, 'aiTitle'));
  if (line['type'] === 'summary') set(state, 'summary', textOf(line, 'summary'));
}

type TextField = {
  [K in keyof TranscriptState]-?: string | undefined extends TranscriptState[K] ? K : never;
}[keyof TranscriptState];

/** The last one counts. */
function set(state: TranscriptState, name: TextField, value: string | undefined): void {
  if (value !== undefined) state[name] = value;
}

export function summaryOf(state: TranscriptState): TranscriptSummary {
  const { effects } = state;
  return {
    id: state.id,
    cwd: state.cwd ?? state.anyCwd,
    title: state.customTitle ?? state.aiTitle ?? state.summary,
    firstPrompt: state.firstPrompt,
    lastPrompt: state.lastPrompt,
    startMs: state.startMs,
    lastActiveMs: state.lastMs,
    messageCount: state.messageCount,
    gitBranch: state.gitBranch,
    version: state.version,
    entrypoint: state.entrypoint,
    permissionMode: state.permissionMode,
    parent: state.parent,
    fileCount: Object.keys(effects.files).length + effects.moreFiles,
    taskCount: Object.keys(effects.tasks).length,
    pendingTool: Object.values(effects.pending).at(-1)?.words,
    damagedLines: state.damagedLines,
  };
}

export function detailsOf({ effects }: TranscriptState): TranscriptDetails {
  const filesOf = (use: string): string[] =>
    Object.entries(effects.files).flatMap(([file, own]) => (own === use ? [file] : []));
  return {
    files: { read: filesOf('read'), modified: filesOf('modified'), created: filesOf('created') },
    tasks: Object.values(effects.tasks),
  };
}
