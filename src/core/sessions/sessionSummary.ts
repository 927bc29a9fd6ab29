import type { JournalFile } from './sessionFiles.ts';
import { isDamaged, type SessionState } from './sessionState.ts';

/** What a list shows of a session. */
export interface SessionSummary {
  readonly id: string;
  readonly title: string | undefined;
  readonly firstPrompt: string | undefined;
  readonly startMs: number;
  readonly lastActiveMs: number;
  /** When somebody last had it back from the trash: no work on it, but it is wanted. */
  readonly restoredMs: number | undefined;
  readonly messageCount: number;
  /** Read, modified or created. */
  readonly fileCount: number;
  readonly taskCount: number;
  /** Those whose end is not in the journal: they may still run. */
  readonly openTaskIds: readonly string[];
  readonly parent: string | undefined;
  readonly branchCount: number;
  readonly isPinned: boolean;
  readonly isDamaged: boolean;
  /** The highest version of a line. */
  readonly version: number;
  readonly sizeBytes: number;
  readonly isCompressed: boolean;
}

/** A journal that names no time at all is as old as its file. */
export function summaryOf(state: SessionState, journal: JournalFile): SessionSummary {
  const open = [...state.tasks.values()].filter(({ end }) => end === undefined);
  return {
    id: state.id,
    title: state.title,
    firstPrompt: state.firstPrompt,
    startMs: state.startMs ?? journal.mtimeMs,
    lastActiveMs: state.lastActiveMs ?? state.startMs ?? journal.mtimeMs,
    restoredMs: state.restoredMs,
    messageCount: state.messageCount,
    fileCount: state.files.size,
    taskCount: state.tasks.size,
    openTaskIds: open.map(({ id }) => id),
    parent: state.parent,
    branchCount: state.children.size,
    isPinned: state.isPinned,
    isDamaged: isDamaged(state),
    version: state.newestVersion,
    sizeBytes: journal.sizeBytes,
    isCompressed: journal.isCompressed,
  };
}

/** What nobody has folded yet: only what the file itself tells. */
export function placeholderOf(journal: JournalFile): SessionSummary {
  return {
    id: journal.id,
    title: undefined,
    firstPrompt: undefined,
    startMs: journal.mtimeMs,
    lastActiveMs: journal.mtimeMs,
    restoredMs: undefined,
    messageCount: 0,
    fileCount: 0,
    taskCount: 0,
    openTaskIds: [],
    parent: undefined,
    branchCount: 0,
    isPinned: false,
    isDamaged: false,
    version: 0,
    sizeBytes: journal.sizeBytes,
    isCompressed: journal.isCompressed,
  };
}
