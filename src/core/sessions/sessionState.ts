import type { Approval } from '../permissions/approval.ts';

/** What a journal says, without its messages. Every time is in milliseconds since 1970. */
export interface SessionState {
  /** By the journal's file name; the header of a branch names its parent. */
  readonly id: string;
  headerId: string | undefined;
  workspace: string | undefined;
  origin: string | undefined;
  agentSessionId: string | undefined;
  agent: string | undefined;
  startMs: number | undefined;
  /** The latest event that is work on the session: no renaming, no reading of output. */
  lastActiveMs: number | undefined;
  /** When somebody last had it back from the trash. */
  restoredMs: number | undefined;
  title: string | undefined;
  titleBy: string | undefined;
  firstPrompt: string | undefined;
  summary: string | undefined;
  parent: string | undefined;
  readonly children: Set<string>;
  isPinned: boolean;
  cwd: string | undefined;
  /** Changed variables; null for one that was taken away. */
  readonly environment: Map<string, string | null>;
  readonly secretNames: Set<string>;
  readonly files: Map<string, FileInContext>;
  /** By rule or directory; see `permissionKey`. */
  readonly permissions: Map<string, Approval>;
  readonly tasks: Map<string, SessionTask>;
  /** By the task's id. */
  readonly cursors: Map<string, OutputCursors>;
  readonly goals: Map<string, boolean>;
  readonly notes: string[];
  /** Asked for, but without an answer in the journal. The tool's name by the call's id. */
  readonly openToolCalls: Map<string, string>;
  messageCount: number;
  toolCallCount: number;
  noteCount: number;
  resumeCount: number;
  lineCount: number;
  /** The highest `v` of a line. */
  newestVersion: number;
  readonly damage: JournalDamage;
  /** Of the missing ones, how many a repair has told of: they are gone, and there is no more to say about them. */
  toldMissingLines: number;
  readonly unknownTypes: Map<string, number>;
  /** The line numbers seen of each writer, as ranges: from, to, from, to, … */
  readonly writers: Map<string, number[]>;
}

export interface FileInContext {
  readonly path: string;
  isRead: boolean;
  isModified: boolean;
  isCreated: boolean;
  /** As it was when the session last touched it. */
  mtimeMs: number | undefined;
  hash: string | undefined;
  sizeBytes: number | undefined;
  atMs: number;
}

export interface SessionTask {
  readonly id: string;
  readonly uuid: string | undefined;
  readonly command: string;
  readonly cwd: string | undefined;
  readonly startedAtMs: number;
  end: SessionTaskEnd | undefined;
}

/** How far this session has read the output of one task, which another session may have started. */
export interface OutputCursors {
  readonly offsets: Map<string, number>;
  /** Where the reader stands that read last. */
  position: number;
}

export interface SessionTaskEnd {
  readonly status: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly endedAtMs: number;
}

/** What of a journal is not as its writers left it. */
export interface JournalDamage {
  /** Lines that are no lines of a journal, or lack what their type needs. */
  unreadableLines: number;
  duplicateLines: number;
  /** By the numbering of their writers; lines at a writer's end cannot be missed. */
  missingLines: number;
  isHeaderMissing: boolean;
}

export const MAX_NOTES_KEPT = 50;

export function emptyState(id: string): SessionState {
  return {
    id,
    headerId: undefined,
    workspace: undefined,
    origin: undefined,
    agentSessionId: undefined,
    agent: undefined,
    startMs: undefined,
    lastActiveMs: undefined,
    restoredMs: undefined,
    title: undefined,
    titleBy: undefined,
    firstPrompt: undefined,
    summary: undefined,
    parent: undefined,
    children: new Set(),
    isPinned: false,
    cwd: undefined,
    environment: new Map(),
    secretNames: new Set(),
    files: new Map(),
    permissions: new Map(),
    tasks: new Map(),
    cursors: new Map(),
    goals: new Map(),
    notes: [],
    openToolCalls: new Map(),
    messageCount: 0,
    toolCallCount: 0,
    noteCount: 0,
    resumeCount: 0,
    lineCount: 0,
    newestVersion: 0,
    damage: { unreadableLines: 0, duplicateLines: 0, missingLines: 0, isHeaderMissing: true },
    toldMissingLines: 0,
    unknownTypes: new Map(),
    writers: new Map(),
  };
}

/** One key per rule and per directory; a rule never looks like a directory's key. */
export function permissionKey(of: {
  rule?: string | undefined;
  directory?: string | undefined;
}): string {
  return of.directory === undefined ? `rule ${of.rule ?? ''}` : `directory ${of.directory}`;
}

/** Whether anything of the journal was lost or had to be passed over that its user has not been told of. */
export function isDamaged(state: SessionState): boolean {
  return needsRepair(state) || untoldDamage(state).missingLines > 0;
}

/** The damage without the missing lines that a repair has told of. */
export function untoldDamage({ damage, toldMissingLines }: SessionState): JournalDamage {
  return { ...damage, missingLines: Math.max(0, damage.missingLines - toldMissingLines) };
}

/** Whether a repair would change the journal; lines that are gone it cannot bring back. */
export function needsRepair({ damage }: SessionState): boolean {
  return damage.unreadableLines + damage.duplicateLines > 0 || damage.isHeaderMissing;
}
