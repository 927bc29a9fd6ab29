import { HoldfastError } from '../common/errors.ts';
import { Journal } from './journal.ts';
import type { TimedLine } from './linesOfRecord.ts';
import { parseJournalLine } from './parseJournalLine.ts';
import { requireJournal, scanJournal } from './readJournal.ts';
import { linesOfCached, parseCachedRecord, recordFromCache } from './recordFromCache.ts';
import { repairSession, type RepairResult } from './repairSession.ts';
import { damagedName, moveAside } from './replaceJournal.ts';
import { findJournal, sessionFilesOf, type SessionFiles } from './sessionFiles.ts';
import { requireSessionId } from './sessionId.ts';
import { heldElsewhere, leaseHolderOf } from './sessionLease.ts';
import { needsRepair, permissionKey, type SessionState } from './sessionState.ts';
import type { SessionStore } from './sessionStore.ts';

/** What came of bringing a session back with the record that the editor has kept of it. */
export interface Recovery {
  readonly id: string;
  /** `journal`: nothing was left to read, and the record became a new one; `parts`: what was missing was added. */
  readonly brought: 'journal' | 'parts' | 'nothing';
  /** Lines that come from the record. */
  readonly addedLines: number;
  /** Where a journal is now that could not be read, or not all of it. */
  readonly damagedFile: string | undefined;
  readonly repair: RepairResult | undefined;
}

/**
 * Repairs a session with the record that the editor has kept of it: header, tasks with how far their output was read,
 * files and permissions that the journal has lost come back. A sound journal stays as it is.
 * @throws HoldfastError `session.importInvalid` for what is no record, `session.heldElsewhere`, `session.idInvalid`,
 *   `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function recoverSession(store: SessionStore, cached: unknown): Recovery {
  const { host } = store;
  const record = parseCachedRecord(cached);
  const id = requireSessionId(record.sessionId);
  const files = sessionFilesOf(host.workspace, id);
  const holder = leaseHolderOf(files);
  if (holder !== undefined) throw heldElsewhere(id, holder);
  const before = tryFold(store, id);
  const lines = linesOfCached(host, record);
  if (before === undefined || before.lineCount === 0) {
    const damagedFile = before === undefined ? undefined : setAside(store, files);
    recordFromCache(host, cached);
    const addedLines = lines.length;
    return { id, brought: 'journal', addedLines, damagedFile, repair: undefined };
  }
  const isSound = !needsRepair(before) && before.damage.missingLines === 0;
  const header = lines.find(({ type }) => type === 'session');
  const repair = repairSession(store, id, { header });
  const { damagedFile } = repair;
  const missing = isSound ? [] : missingLines(lines, store.fold(id).state, knownPermissions(files));
  const journal = new Journal(host, id);
  for (const { atMs, ...line } of missing) journal.append(line, atMs);
  const brought = missing.length === 0 ? 'nothing' : 'parts';
  return { id, brought, addedLines: missing.length, damagedFile, repair };
}

function tryFold(store: SessionStore, id: string): SessionState | undefined {
  try {
    return store.fold(id).state;
  } catch (error) {
    if (HoldfastError.is(error, 'session.notFound')) return undefined;
    throw error;
  }
}

function setAside(store: SessionStore, files: SessionFiles): string | undefined {
  const journal = findJournal(files);
  if (journal === undefined) return undefined;
  const aside = damagedName(journal.path, store.host.clock.now());
  moveAside(journal.path, aside);
  store.forget(files.id);
  return aside;
}

function missingLines(
  lines: readonly TimedLine[],
  state: SessionState,
  knownKeys: ReadonlySet<string>,
): TimedLine[] {
  return lines.filter((line) => {
    switch (line.type) {
      case 'task':
      case 'task-end':
        return !state.tasks.has(line.id);
      case 'output-read':
        return state.cursors.get(line.task)?.offsets.has(line.reader) !== true;
      case 'file':
        return !state.files.has(line.path);
      case 'permission':
        return !knownKeys.has(permissionKey(line));
      case 'env':
        return state.environment.size + state.secretNames.size === 0;
      case 'goal':
        return !state.goals.has(line.text);
      case 'title':
        return state.title === undefined;
      case 'summary':
        return state.summary === undefined;
      case 'agent':
        return state.agent === undefined;
      default:
        return false;
    }
  });
}

/** Those that the journal speaks of, if only to take them back: none of these may come back from an older record. */
function knownPermissions(files: SessionFiles): Set<string> {
  const keys = new Set<string>();
  const take = (bytes: Buffer): void => {
    for (const line of parseJournalLine(bytes).lines) {
      if (line.type !== 'permission') continue;
      const { rule, directory } = line;
      keys.add(
        permissionKey({
          rule: typeof rule === 'string' ? rule : undefined,
          directory: typeof directory === 'string' ? directory : undefined,
        }),
      );
    }
  };
  take(scanJournal(requireJournal(files), 0, take).rest);
  return keys;
}
