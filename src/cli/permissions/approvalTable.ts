import { hasExpired, type Approval } from '../../core/permissions/approval.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const COLUMNS = ['DECISION', 'SCOPE', 'EXPIRES', 'BY', 'WHAT'];

/** One approval as `--json` gives it. */
export interface ApprovalJson {
  readonly rule: string | null;
  readonly directory: string | null;
  readonly realPath: string | null;
  readonly decision: string;
  readonly scope: string;
  readonly session: string | null;
  readonly by: string;
  readonly givenAt: string;
  readonly expiresAt: string | null;
  readonly isExpired: boolean;
}

export function approvalJson(
  approval: Approval,
  session: string | undefined,
  nowMs: number,
): ApprovalJson {
  const { rule, directory, realPath, decision, scope, by, givenAtMs, expiresAtMs } = approval;
  return {
    rule: rule ?? null,
    directory: directory ?? null,
    realPath: realPath ?? null,
    decision,
    scope,
    session: scope === 'session' ? (session ?? null) : null,
    by,
    givenAt: new Date(givenAtMs).toISOString(),
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    isExpired: hasExpired(approval, nowMs),
  };
}

/** What denies first, then what asks, then what allows; in each the latest first. */
export function approvalTable(approvals: readonly Approval[], nowMs: number): string[] {
  const order = ['deny', 'ask', 'allow'];
  const sorted = [...approvals].sort(
    (a, b) => order.indexOf(a.decision) - order.indexOf(b.decision) || b.givenAtMs - a.givenAtMs,
  );
  const rows = sorted.map((approval) => [
    approval.decision,
    approval.scope,
    expiryText(approval, nowMs),
    oneLine(approval.by),
    oneLine(approval.rule ?? `directory ${approval.directory ?? ''}`),
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)),
  );
  return [COLUMNS, ...rows].map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** "in 29 d", "expired 3 d ago", "never". */
export function expiryText({ expiresAtMs }: Approval, nowMs: number): string {
  if (expiresAtMs === undefined) return 'never';
  const leftMs = expiresAtMs - nowMs;
  const text = spanText(Math.abs(leftMs));
  return leftMs > 0 ? `in ${text}` : `expired ${text} ago`;
}

function spanText(spanMs: number): string {
  return spanMs >= DAY_MS
    ? `${Math.round(spanMs / DAY_MS)} d`
    : `${Math.max(1, Math.round(spanMs / HOUR_MS))} h`;
}
