import type { PermissionDecision, RuleApproval } from './approval.ts';

/** The answer to "may this tool do that?", with the words for a person. */
export interface Decision {
  readonly decision: PermissionDecision;
  /** The rule that decided, as it was written. */
  readonly rule?: string;
  readonly reason: string;
}

/** The approvals about one tool that are in force, by what they say. */
export interface RulesInForce {
  readonly allow: readonly RuleApproval[];
  readonly ask: readonly RuleApproval[];
  readonly deny: readonly RuleApproval[];
  /** What allowed until its time was over. */
  readonly expired: readonly RuleApproval[];
}

export function decided(decision: PermissionDecision, reason: string, by?: RuleApproval): Decision {
  return by === undefined ? { decision, reason } : { decision, rule: by.rule.text, reason };
}

/** "…, and the approval by Bash(npm test) expired on 2026-03-01". */
export function expiredNote(by: RuleApproval | undefined): string {
  if (by?.approval.expiresAtMs === undefined) return '';
  const day = new Date(by.approval.expiresAtMs).toISOString().slice(0, 10);
  return ` (${by.rule.text} allowed it until ${day})`;
}
