import path from 'node:path';
import * as v from 'valibot';
import { appendLineSync, readLinesSync } from '../common/appendLog.ts';
import { ensureWorkspace, type Workspace } from '../store/workspace.ts';
import type { Approval } from './approval.ts';
import { tryParseRule } from './rule.ts';
import { approvalEntries } from './approvalEntries.ts';

const LINE_VERSION = 1;

/** The same line as in a session's journal; `revoke` takes back what was said of the rule or directory. */
const lineSchema = v.looseObject({
  v: v.number(),
  t: v.string(),
  type: v.literal('permission'),
  ...approvalEntries,
});

/** The approvals of a workspace, expired ones included, in the order in which they were given. */
export interface WorkspaceApprovals {
  readonly approvals: readonly Approval[];
  /** Lines that could not be read: torn, or not ours. */
  readonly damagedLines: number;
}

/** A decision about a rule or a directory, to be kept. */
export type NewApproval = Pick<Approval, 'decision' | 'by' | 'expiresAtMs'> & ApprovalSubject;

/** What an approval is about: one of the two. */
export type ApprovalSubject =
  { readonly rule: string } | { readonly directory: string; readonly realPath: string };

function approvalFileOf(workspace: Workspace): string {
  return path.join(workspace.directory, 'permissions.jsonl');
}

/** @throws HoldfastError `file.unreadable`. */
export function readApprovals(workspace: Workspace): WorkspaceApprovals {
  const { values, damagedLines } = readLinesSync(approvalFileOf(workspace));
  const approvals = new Map<string, Approval>();
  let unknownLines = 0;
  for (const value of values) {
    const result = v.safeParse(lineSchema, value);
    const line = result.success ? result.output : undefined;
    const key = line === undefined ? undefined : subjectKey(line);
    if (line === undefined || key === undefined) {
      unknownLines += 1;
      continue;
    }
    approvals.delete(key);
    if (line.revoke !== true && line.decision !== undefined) {
      approvals.set(key, toApproval(line, line.decision));
    }
  }
  return { approvals: [...approvals.values()], damagedLines: damagedLines + unknownLines };
}

/**
 * Keeps a decision; it is on the disk when this returns. A later one about the same rule replaces it.
 * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function addApproval(workspace: Workspace, approval: NewApproval, nowMs: number): void {
  const { expiresAtMs, ...fields } = approval;
  const expiresAt =
    expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() };
  append(workspace, { ...fields, ...expiresAt }, nowMs);
}

/**
 * Takes back what was said of a rule or a directory of the workspace.
 * @throws HoldfastError as {@link addApproval}.
 */
export function takeBackApproval(
  workspace: Workspace,
  subject: { readonly rule: string } | { readonly directory: string },
  by: string,
  nowMs: number,
): void {
  append(workspace, { ...subject, revoke: true, by }, nowMs);
}

function append(workspace: Workspace, fields: object, nowMs: number): void {
  ensureWorkspace(workspace, nowMs);
  const t = new Date(nowMs).toISOString();
  const line = { v: LINE_VERSION, t, type: 'permission', ...fields };
  appendLineSync(approvalFileOf(workspace), line, { isDurable: true });
}

/** The same for every way to write the same rule. */
export function subjectKey(subject: {
  rule?: string | undefined;
  directory?: string | undefined;
}): string | undefined {
  if (subject.directory !== undefined) return `directory ${subject.directory}`;
  if (subject.rule === undefined) return undefined;
  return `rule ${tryParseRule(subject.rule)?.text ?? subject.rule}`;
}

function toApproval(
  line: v.InferOutput<typeof lineSchema>,
  decision: Approval['decision'],
): Approval {
  const givenAtMs = Date.parse(line.t);
  const expiresAtMs = line.expiresAt == null ? undefined : Date.parse(line.expiresAt);
  return {
    rule: line.rule,
    directory: line.directory,
    realPath: line.realPath ?? undefined,
    decision,
    by: line.by,
    scope: 'workspace',
    givenAtMs: Number.isFinite(givenAtMs) ? givenAtMs : 0,
    // One that names no moment that we understand has expired: it was meant to.
    expiresAtMs: expiresAtMs === undefined || Number.isFinite(expiresAtMs) ? expiresAtMs : 0,
  };
}
