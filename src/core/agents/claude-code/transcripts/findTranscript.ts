import { HoldfastError } from '../../../common/errors.ts';
import { projectSlug } from './claudeDirectory.ts';
import type { ListedTranscript } from './listTranscripts.ts';
import { sessionOfName } from './sessionNames.ts';
import { isTranscriptId } from './transcriptFiles.ts';

export interface FindScope {
  readonly home: string;
  /** Real path: names and titles of this folder go first. */
  readonly folder: string;
}

/**
 * The session that somebody means: by its id or how that begins, a name that was chosen with Holdfast, or its title.
 * @throws HoldfastError `claude.sessionNotFound`.
 */
export function findTranscript(
  sessions: readonly ListedTranscript[],
  given: string,
  { home, folder }: FindScope,
): ListedTranscript {
  const named = sessionOfName(home, folder, given);
  const candidates = [
    sessions.filter(({ id }) => id === given.toLowerCase()),
    sessions.filter(({ id }) => id === named),
    titled(sessions, given).filter(({ file }) => file.slug === projectSlug(folder)),
    titled(sessions, given),
    given.length >= 4 ? sessions.filter(({ id }) => id.startsWith(given.toLowerCase())) : [],
  ];
  const found = candidates.find(({ length }) => length > 0) ?? [];
  const [only] = found;
  if (only !== undefined && (found.length === 1 || isTranscriptId(given))) return only;
  const message =
    found.length > 1
      ? `${String(found.length)} sessions of Claude Code are meant by ${given}: ${idsOf(found)}`
      : `there is no session ${given} of Claude Code`;
  throw new HoldfastError('claude.sessionNotFound', message, { data: { id: given } });
}

function titled(sessions: readonly ListedTranscript[], given: string): ListedTranscript[] {
  return sessions.filter(({ title }) => title?.toLowerCase() === given.toLowerCase());
}

function idsOf(sessions: readonly ListedTranscript[]): string {
  return sessions
    .slice(0, 5)
    .map(({ id }) => id)
    .join(', ');
}
