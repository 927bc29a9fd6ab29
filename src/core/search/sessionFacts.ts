import type { SourceText } from './textSource.ts';

const MAX_TITLE_CHARACTERS = 200;

/** What a list of found sessions shows, and sorts by. */
export interface SessionFacts {
  /** The last one it was given. */
  readonly title: string | undefined;
  readonly firstPrompt: string | undefined;
  /** When something was last said or done in it. */
  readonly lastActiveMs: number | undefined;
}

export const noFacts: SessionFacts = {
  title: undefined,
  firstPrompt: undefined,
  lastActiveMs: undefined,
};

/** What is known after one more text. The same text once more changes nothing, if those behind it come again too. */
export function factsAfter(
  facts: SessionFacts,
  { kind, role, atMs, text }: SourceText,
): SessionFacts {
  // Somebody may rename a session without going on with it.
  if (kind === 'title') return { ...facts, title: firstWords(text) ?? facts.title };
  const isFirstPrompt = facts.firstPrompt === undefined && kind === 'message' && role === 'user';
  const isLatest = facts.lastActiveMs === undefined || atMs > facts.lastActiveMs;
  if (!isFirstPrompt && !isLatest) return facts;
  return {
    title: facts.title,
    firstPrompt: isFirstPrompt ? firstWords(text) : facts.firstPrompt,
    lastActiveMs: isLatest ? atMs : facts.lastActiveMs,
  };
}

function firstWords(text: string): string | undefined {
  const line = text
    .slice(0, 4 * MAX_TITLE_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? undefined : Array.from(line).slice(0, MAX_TITLE_CHARACTERS).join('');
}
