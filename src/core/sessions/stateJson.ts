import type { FoldedJournal, FoldStart } from './foldJournal.ts';
import { emptyState, type SessionState } from './sessionState.ts';

/** To be raised whenever folding gives something else; older checkpoints are then ignored. */
const FOLD_VERSION = 3;

/** A fold as the text of a checkpoint. */
export function encodeState({ committed, offset, tail }: FoldedJournal): string {
  return JSON.stringify(
    { version: FOLD_VERSION, offset, tail, committed },
    (_key, value: unknown) => {
      if (value instanceof Map) return { $map: [...(value as Map<unknown, unknown>)] };
      if (value instanceof Set) return { $set: [...(value as Set<unknown>)] };
      return value;
    },
  );
}

/** The other way round; undefined for anything that is not a checkpoint of this session by this version. */
export function decodeState(text: string, id: string): FoldStart | undefined {
  const value = JSON.parse(text, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null) return each;
    if ('$map' in each) return new Map(each.$map as [unknown, unknown][]);
    if ('$set' in each) return new Set(each.$set as unknown[]);
    return each;
  }) as Partial<FoldStart> & { version?: unknown };
  const { version, offset, tail, committed } = value;
  if (version !== FOLD_VERSION || typeof offset !== 'number' || typeof tail !== 'string') {
    return undefined;
  }
  return isState(committed) && committed.id === id
    ? { offset, tail, committed: { ...emptyState(id), ...committed } }
    : undefined;
}

function isState(value: unknown): value is SessionState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'files' in value &&
    value.files instanceof Map
  );
}
