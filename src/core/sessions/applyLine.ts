import { isLineType, JOURNAL_VERSION } from './journalLines.ts';
import { lineAppliers } from './lineAppliers.ts';
import type { RawLine } from './parseJournalLine.ts';
import { seeLine } from './seenLines.ts';
import type { SessionState } from './sessionState.ts';

/** They happen to a session without anybody working on it; to a copy, `branched` is its beginning. */
const passiveTypes: ReadonlySet<string> = new Set([
  'branched',
  'output-read',
  'pin',
  'repaired',
  'restored',
  'task-end',
  'title',
]);

export type LineOutcome = 'applied' | 'duplicate' | 'unreadable' | 'unknown';

/** Adds one line to the state, and counts what it could not use. */
export function applyLine(state: SessionState, line: RawLine): LineOutcome {
  const { isNew, missingMore } = seeLine(state.writers, line);
  state.damage.missingLines += missingMore;
  if (!isNew) {
    state.damage.duplicateLines += 1;
    return 'duplicate';
  }
  const atMs = Date.parse(line.t);
  const outcome = applyByType(state, line, atMs);
  if (outcome === 'unreadable') {
    state.damage.unreadableLines += 1;
    return outcome;
  }
  state.lineCount += 1;
  state.newestVersion = Math.max(state.newestVersion, line.v);
  state.startMs ??= atMs;
  if (!passiveTypes.has(line.type)) {
    state.lastActiveMs = Math.max(state.lastActiveMs ?? atMs, atMs);
  }
  return outcome;
}

function applyByType(state: SessionState, line: RawLine, atMs: number): LineOutcome {
  const { type } = line;
  if (isLineType(type)) {
    if (lineAppliers[type](state, line, atMs)) return 'applied';
    if (line.v <= JOURNAL_VERSION) return 'unreadable';
  }
  state.unknownTypes.set(type, (state.unknownTypes.get(type) ?? 0) + 1);
  return 'unknown';
}
