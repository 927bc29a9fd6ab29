import type { PermissionRule } from './rule.ts';

export type PermissionDecision = 'allow' | 'ask' | 'deny';

/** What a person has decided about a rule or a directory; a session's journal and the workspace's file hold the same. */
export interface Approval {
  readonly rule: string | undefined;
  readonly directory: string | undefined;
  /** What the directory really was when it was approved. */
  readonly realPath: string | undefined;
  readonly decision: PermissionDecision;
  readonly by: string;
  readonly scope: 'session' | 'workspace';
  readonly givenAtMs: number;
  /** Undefined: never. */
  readonly expiresAtMs: number | undefined;
}

/** An approval whose rule has been read. */
export interface RuleApproval {
  readonly approval: Approval;
  readonly rule: PermissionRule;
}

export const DEFAULT_EXPIRY_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * When something that is decided now expires. Only what allows does: a denial that fades away would allow by itself.
 */
export function expiryOf(
  decision: PermissionDecision,
  nowMs: number,
  days: number | undefined = DEFAULT_EXPIRY_DAYS,
): number | undefined {
  return decision === 'allow' ? nowMs + days * DAY_MS : undefined;
}

/** Whether an approval does not count any more; the one place that says so. What was denied stays denied. */
export function hasExpired({ decision, expiresAtMs }: Approval, nowMs: number): boolean {
  return decision === 'allow' && expiresAtMs !== undefined && expiresAtMs <= nowMs;
}
