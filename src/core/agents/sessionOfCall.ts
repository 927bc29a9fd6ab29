import { HoldfastError } from '../common/errors.ts';
import { createSession } from '../sessions/createSession.ts';
import { Journal } from '../sessions/journal.ts';
import { findJournal, listSessionIds, sessionFilesOf } from '../sessions/sessionFiles.ts';
import { isUuid, requireSessionId } from '../sessions/sessionId.ts';
import { SessionStore } from '../sessions/sessionStore.ts';
import type { TaskHost } from '../tasks/taskHost.ts';

/** The key in a request's `_meta` by which a client names the session that a call belongs to. */
export const SESSION_META_KEY = 'holdfast/sessionId';

/**
 * The session that a call belongs to: the one it names itself (begun if need be), else `HOLDFAST_SESSION` if this
 * workspace has it (the variable may come from another folder's terminal), else that of the Claude Code session which
 * started us. Undefined for a client that says nothing of a session.
 * @throws HoldfastError `session.idInvalid`, `disk.full`, `home.notWritable`, `home.unsafe`.
 */
export function sessionOfCall(
  host: TaskHost,
  root: string,
  meta: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const named = meta?.[SESSION_META_KEY];
  if (typeof named === 'string') return ensure(host, requireSessionId(named), root);
  const current = host.environment['HOLDFAST_SESSION'];
  if (current) {
    const known = listSessionIds(host.workspace).find((id) => id === current);
    if (known !== undefined) return known;
  }
  const claude = host.environment['CLAUDE_CODE_SESSION_ID'];
  return claude !== undefined && isUuid(claude) ? sessionOfClaude(host, root, claude) : undefined;
}

/** A session may have a name of its own, with the id that Claude Code knows it by in its journal. */
function sessionOfClaude(host: TaskHost, root: string, claudeId: string): string {
  const store = new SessionStore(host);
  const ids = listSessionIds(host.workspace);
  if (ids.includes(claudeId)) return claudeId;
  const named = ids.filter((id) => !isUuid(id)).find((id) => agentIdOf(store, id) === claudeId);
  if (named !== undefined) return named;
  const id = ensure(host, claudeId, root);
  new Journal(host, id).append({ type: 'agent', name: 'claude-code', sessionId: claudeId });
  return id;
}

/** A journal that cannot be read is no reason to refuse a command. */
function agentIdOf(store: SessionStore, id: string): string | undefined {
  try {
    return store.fold(id).state.agentSessionId;
  } catch (error) {
    if (HoldfastError.is(error)) return undefined;
    throw error;
  }
}

function ensure(host: TaskHost, id: string, cwd: string): string {
  if (findJournal(sessionFilesOf(host.workspace, id)) !== undefined) return id;
  try {
    return createSession(host, { id, cwd });
  } catch (error) {
    // Another process was quicker.
    if (HoldfastError.is(error, 'session.idTaken')) return id;
    throw error;
  }
}
