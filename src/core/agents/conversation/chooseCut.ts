import type { HistoryEntry } from './history.ts';
import { pairCalls } from './pairing.ts';

export interface CutRequest {
  /** Before it everything is summarised already. */
  readonly from: number;
  /** How much of the end should stay as it is. */
  readonly keepTokens: number;
  readonly tokensOf: (entry: HistoryEntry) => number;
}

/**
 * Where to cut a history in two, so that what lies before can be summarised: the index of the first message that
 * stays. Never between a call and its result, nor within an answer; before something that the user said if that is
 * possible. The same for the same history. Undefined where nothing can be cut off.
 */
export function chooseCut(
  entries: readonly HistoryEntry[],
  { from, keepTokens, tokensOf }: CutRequest,
): number | undefined {
  const isAllowed = allowedCuts(entries);
  let tokens = 0;
  let withPrompt: number | undefined;
  let any: number | undefined;
  let last: number | undefined;
  for (let index = entries.length - 1; index > from; index -= 1) {
    const entry = entries[index];
    if (entry === undefined) break;
    tokens += tokensOf(entry);
    if (isAllowed[index] !== true) continue;
    last ??= index;
    if (tokens > keepTokens) break;
    any = index;
    if (entry.role === 'user') withPrompt = index;
  }
  return withPrompt ?? any ?? last;
}

function allowedCuts(entries: readonly HistoryEntry[]): boolean[] {
  const allowed = entries.map(({ role }) => role !== 'tool');
  for (const { callIndex, resultIndex } of pairCalls(entries)) {
    if (resultIndex === undefined) continue;
    for (let index = callIndex + 1; index <= resultIndex; index += 1) allowed[index] = false;
  }
  return allowed;
}
