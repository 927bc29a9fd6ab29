import type { PermissionGate } from '../../conversation/permissionGate.ts';
import type { PermissionQuery } from './streamLine.ts';

/** What our own rules say about something that Claude Code asks. */
export interface RuledQuery {
  readonly decision: 'allow' | 'ask' | 'deny';
  /** Why, for a person. */
  readonly reason: string;
  /** Rules that would allow it from now on. */
  readonly offers: readonly string[];
}

/**
 * Judges by the approvals that the user has given in Holdfast. What Claude Code asks because of a rule of its own or for
 * safety, and what only a person can say, is asked whatever ours allow.
 */
export async function judgeQuery(
  gate: Pick<PermissionGate, 'judge'>,
  query: PermissionQuery,
): Promise<RuledQuery> {
  if (query.needsPerson) return { decision: 'ask', reason: '', offers: [] };
  const { decision, reason, rule, offers } = await gate.judge(query.tool, query.input);
  if (decision === 'deny') return { decision, reason, offers: [] };
  const isOursToSay = query.reasonType === undefined;
  if (decision === 'allow' && isOursToSay && rule !== undefined) {
    return { decision, reason, offers: [] };
  }
  return { decision: 'ask', reason: query.reason ?? '', offers: isOursToSay ? offers : [] };
}
