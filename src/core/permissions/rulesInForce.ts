import { hasExpired, type Approval, type RuleApproval } from './approval.ts';
import type { RulesInForce } from './decision.ts';
import { coversTool, tryParseRule } from './rule.ts';

/** Reads the approvals that are rules. */
export function readRules(approvals: readonly Approval[]): RuleApproval[] {
  return approvals.flatMap((approval) => {
    if (approval.rule === undefined) return [];
    const rule = tryParseRule(approval.rule) ?? unreadableRule(approval);
    return rule === undefined ? [] : [{ approval, rule }];
  });
}

/** The rules about one tool, by what they say; expired ones only to tell why something is not allowed any more. */
export function rulesFor(tool: string, all: readonly RuleApproval[], nowMs: number): RulesInForce {
  const about = (decision: Approval['decision']): RuleApproval[] =>
    all.filter(
      ({ approval, rule }) =>
        approval.decision === decision && coversTool(rule, tool, decision !== 'allow'),
    );
  const isInForce = ({ approval }: RuleApproval): boolean => !hasExpired(approval, nowMs);
  const allow = about('allow');
  return {
    allow: allow.filter(isInForce),
    ask: about('ask'),
    deny: about('deny'),
    expired: allow.filter((each) => !isInForce(each)),
  };
}

/** What a newer version forbids and this one cannot read forbids the whole tool; what it allows, allows nothing. */
function unreadableRule({ rule = '', decision }: Approval): RuleApproval['rule'] | undefined {
  const tool = /^[A-Za-z][A-Za-z0-9_-]*/.exec(rule.trim())?.[0];
  if (decision === 'allow' || tool === undefined) return undefined;
  return { text: rule, tool, specifier: undefined };
}
