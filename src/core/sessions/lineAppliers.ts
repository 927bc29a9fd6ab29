import * as v from 'valibot';
import { applyPermission } from './applyPermission.ts';
import { applyOutputRead, applyTask, applyTaskEnd } from './applyTask.ts';
import {
  isTextPart,
  isToolCallPart,
  isToolResultPart,
  lineSchemas,
  type LineOf,
  type LineType,
} from './journalLines.ts';
import { MAX_NOTES_KEPT, type SessionState } from './sessionState.ts';

const MAX_PROMPT_CHARACTERS = 200;

/** Adds a line of one type to the state; false when it lacks what its type needs. */
type LineApplier = (state: SessionState, line: unknown, atMs: number) => boolean;

export const lineAppliers: Readonly<Record<LineType, LineApplier>> = {
  session: applier(lineSchemas.session, applyHeader),
  message: applier(lineSchemas.message, applyMessage),
  file: applier(lineSchemas.file, applyFile),
  cwd: applier(lineSchemas.cwd, (state, line) => {
    state.cwd = line.path;
  }),
  env: applier(lineSchemas.env, applyEnvironment),
  permission: applier(lineSchemas.permission, applyPermission),
  task: applier(lineSchemas.task, applyTask),
  'task-end': applier(lineSchemas['task-end'], applyTaskEnd),
  'output-read': applier(lineSchemas['output-read'], applyOutputRead),
  title: applier(lineSchemas.title, (state, line) => {
    state.title = line.title;
    state.titleBy = line.by;
  }),
  pin: applier(lineSchemas.pin, (state, line) => {
    state.isPinned = line.isPinned;
  }),
  resumed: applier(lineSchemas.resumed, (state) => {
    state.resumeCount += 1;
  }),
  restored: applier(lineSchemas.restored, (state, _line, atMs) => {
    state.restoredMs = Math.max(state.restoredMs ?? atMs, atMs);
  }),
  branched: applier(lineSchemas.branched, applyBranch),
  agent: applier(lineSchemas.agent, (state, line) => {
    state.agent = line.name;
    state.agentSessionId = line.sessionId ?? state.agentSessionId;
  }),
  note: applier(lineSchemas.note, (state, line) => {
    state.noteCount += 1;
    state.notes.push(line.text);
    if (state.notes.length > MAX_NOTES_KEPT) state.notes.shift();
  }),
  goal: applier(lineSchemas.goal, (state, line) => {
    state.goals.set(line.text, line.isDone ?? false);
  }),
  summary: applier(lineSchemas.summary, (state, line) => {
    state.summary = line.text;
  }),
  repaired: applier(lineSchemas.repaired, (state, line) => {
    state.toldMissingLines = line.missing;
  }),
};

function applier<S extends v.GenericSchema>(
  schema: S,
  apply: (state: SessionState, line: v.InferOutput<S>, atMs: number) => void,
): LineApplier {
  return (state, line, atMs) => {
    const result = v.safeParse(schema, line);
    if (result.success) apply(state, result.output, atMs);
    return result.success;
  };
}

function applyHeader(state: SessionState, line: LineOf<'session'>, atMs: number): void {
  // Two windows may have begun the same session: the first header stays.
  if (!state.damage.isHeaderMissing) return;
  state.damage.isHeaderMissing = false;
  state.headerId = line.id;
  state.workspace = line.workspace;
  state.origin = line.origin ?? undefined;
  state.agentSessionId ??= line.agentSessionId ?? undefined;
  state.cwd ??= line.cwd ?? undefined;
  state.title ??= line.title ?? undefined;
  state.startMs = Math.min(state.startMs ?? atMs, atMs);
  // A copy that was cut off before it could say so.
  if (line.id !== state.id) state.parent ??= line.id;
}

function applyMessage(state: SessionState, line: LineOf<'message'>): void {
  if (line['continues'] !== true) state.messageCount += 1;
  for (const part of line.parts) {
    if (isToolCallPart(part)) {
      state.toolCallCount += 1;
      state.openToolCalls.set(part.id, part.name);
    } else if (isToolResultPart(part)) {
      state.openToolCalls.delete(part.id);
    } else if (line.role === 'user' && isTextPart(part)) {
      state.firstPrompt ??= firstWords(part.text);
    }
  }
}

function firstWords(text: string): string | undefined {
  const line = text
    .slice(0, 4 * MAX_PROMPT_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? undefined : Array.from(line).slice(0, MAX_PROMPT_CHARACTERS).join('');
}

function applyFile(state: SessionState, line: LineOf<'file'>, atMs: number): void {
  const known = state.files.get(line.path);
  state.files.set(line.path, {
    path: line.path,
    isRead: line.how === 'read' || known?.isRead === true,
    isModified: line.how === 'modified' || known?.isModified === true,
    isCreated: line.how === 'created' || known?.isCreated === true,
    mtimeMs: line.mtimeMs ?? undefined,
    hash: line.hash ?? undefined,
    sizeBytes: line.sizeBytes ?? undefined,
    atMs,
  });
}

function applyEnvironment(state: SessionState, line: LineOf<'env'>): void {
  for (const [name, value] of Object.entries(line.set ?? {})) {
    state.environment.set(name, value);
    state.secretNames.delete(name);
  }
  for (const name of line.unset ?? []) {
    state.environment.set(name, null);
    state.secretNames.delete(name);
  }
  for (const name of line.secretNames ?? []) {
    state.environment.delete(name);
    state.secretNames.add(name);
  }
}

/** What lies before the line in a copy was written in its parent. */
function applyBranch(state: SessionState, line: LineOf<'branched'>, atMs: number): void {
  if (line.to === state.id) {
    state.parent = line.from;
    state.startMs = atMs;
    state.lastActiveMs = atMs;
    state.isPinned = false;
    // Who talked to the parent goes on talking to the parent.
    state.agentSessionId = undefined;
  } else if (line.from === state.id) {
    state.children.add(line.to);
  }
}
