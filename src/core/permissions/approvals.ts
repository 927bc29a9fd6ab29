import path from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import type { Journal } from '../sessions/journal.ts';
import type { Workspace } from '../store/workspace.ts';
import { expiryOf, type Approval, type PermissionDecision } from './approval.ts';
import {
  addApproval,
  readApprovals,
  subjectKey,
  takeBackApproval,
  type ApprovalSubject,
  type NewApproval,
} from './approvalFile.ts';
import { checkDirectory } from './directories.ts';
import { parseRule, tryParseRule } from './rule.ts';

/** Where an approval is kept: in the journal of a session if there is one, else in the workspace's file. */
export interface ApprovalPlace {
  readonly workspace: Workspace;
  readonly journal?: Pick<Journal, 'append'> | undefined;
}

/** Who decides, and for how long. */
export interface ApprovalTerms {
  readonly by: string;
  readonly nowMs: number;
  /** Only what allows expires; undefined: after 30 days; null: never. */
  readonly expiresAfterDays?: number | null | undefined;
}

/** What a session's journal says about permissions; the folded state of a session is one. */
export interface SessionApprovals {
  readonly permissions: ReadonlyMap<string, Approval>;
}

/** The approvals that count, expired ones included; those of the workspace first. */
export interface CountingApprovals {
  readonly approvals: readonly Approval[];
  /** Lines of the workspace's file that could not be read: torn, or not ours. */
  readonly damagedLines: number;
}

/**
 * What counts in a workspace, and in a session of it.
 * @throws HoldfastError `file.unreadable`.
 */
export function readCountingApprovals(
  workspace: Workspace,
  session?: SessionApprovals,
): CountingApprovals {
  const { approvals, damagedLines } = readApprovals(workspace);
  const ofSession = [...(session?.permissions.values() ?? [])].map((approval) => ({
    ...approval,
    scope: 'session' as const,
  }));
  return { approvals: [...approvals, ...ofSession], damagedLines };
}

/**
 * Keeps what was decided about a rule; it is on the disk when this returns, and replaces what the same place said of
 * the same rule.
 * @throws HoldfastError `input.invalid` for what is no rule, `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function approveRule(
  place: ApprovalPlace,
  rule: string,
  decision: PermissionDecision,
  terms: ApprovalTerms,
): Approval {
  return keep(place, { rule: parseRule(rule).text }, decision, terms);
}

/**
 * Lets tools work in a directory besides the workspace's folder, as long as it leads where it leads now.
 * @throws HoldfastError `input.invalid` when there is none, and as {@link approveRule}.
 */
export function approveDirectory(
  place: ApprovalPlace,
  directory: string,
  terms: ApprovalTerms,
): Approval {
  const absolute = path.resolve(directory);
  const check = checkDirectory(absolute);
  if (check.kind !== 'ok' && check.kind !== 'moved') {
    throw new HoldfastError('input.invalid', check.reason);
  }
  const { realPath } = check;
  if (realPath === path.parse(realPath).root) {
    throw new HoldfastError('input.invalid', `${realPath} holds everything: name what is needed`);
  }
  return keep(place, { directory: absolute, realPath }, 'allow', terms);
}

/**
 * Takes back what a place says of a rule or a directory; says whether it said anything.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`, `file.unreadable`.
 */
export function revoke(
  place: ApprovalPlace,
  approvals: readonly Approval[],
  text: string,
  { by, nowMs }: ApprovalTerms,
): Approval | undefined {
  const scope = place.journal === undefined ? 'workspace' : 'session';
  const meant = findMeant(
    approvals.filter((each) => each.scope === scope),
    text,
  );
  if (meant === undefined) return undefined;
  const { rule, directory } = meant;
  const subject = directory === undefined ? { rule: rule ?? '' } : { directory };
  if (place.journal === undefined) takeBackApproval(place.workspace, subject, by, nowMs);
  else place.journal.append({ type: 'permission', ...subject, revoke: true, by });
  return meant;
}

/** A rule as it is written, whatever its spaces; or a directory, by any of its names. */
function findMeant(approvals: readonly Approval[], text: string): Approval | undefined {
  const key = subjectKey({ rule: tryParseRule(text)?.text ?? text.trim() });
  const directory = path.resolve(text);
  return (
    approvals.find(({ rule }) => rule !== undefined && subjectKey({ rule }) === key) ??
    approvals.find((each) => each.directory === directory || each.realPath === directory)
  );
}

function keep(
  { workspace, journal }: ApprovalPlace,
  subject: ApprovalSubject,
  decision: PermissionDecision,
  { by, nowMs, expiresAfterDays }: ApprovalTerms,
): Approval {
  const expiresAtMs =
    expiresAfterDays === null ? undefined : expiryOf(decision, nowMs, expiresAfterDays);
  if (journal === undefined) {
    addApproval(workspace, { ...subject, decision, by, expiresAtMs }, nowMs);
  } else {
    const expiresAt =
      expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() };
    const scope = 'session' as const;
    journal.append({ type: 'permission', ...subject, decision, by, scope, ...expiresAt });
  }
  return approvalOf({ ...subject, decision, by, expiresAtMs }, journal !== undefined, nowMs);
}

function approvalOf(given: NewApproval, isOfSession: boolean, nowMs: number): Approval {
  return {
    rule: 'rule' in given ? given.rule : undefined,
    directory: 'directory' in given ? given.directory : undefined,
    realPath: 'realPath' in given ? given.realPath : undefined,
    decision: given.decision,
    by: given.by,
    scope: isOfSession ? 'session' : 'workspace',
    givenAtMs: nowMs,
    expiresAtMs: given.expiresAtMs,
  };
}
