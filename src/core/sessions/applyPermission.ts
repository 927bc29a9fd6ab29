import type { LineOf } from './journalLines.ts';
import { permissionKey, type SessionState } from './sessionState.ts';

/** A later line about the same rule or directory replaces the earlier one. */
export function applyPermission(
  state: SessionState,
  line: LineOf<'permission'>,
  atMs: number,
): void {
  if (line.rule === undefined && line.directory === undefined) return;
  const key = permissionKey(line);
  state.permissions.delete(key);
  if (line.revoke === true || line.decision === undefined) return;
  state.permissions.set(key, {
    rule: line.rule,
    directory: line.directory,
    realPath: line.realPath ?? undefined,
    decision: line.decision,
    by: line.by,
    scope: line.scope ?? 'session',
    givenAtMs: atMs,
    expiresAtMs: expiryOf(line.expiresAt ?? undefined),
  });
}

/** One that names no moment that we understand has expired: it was meant to. */
function expiryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  return Number.isFinite(atMs) ? atMs : 0;
}
