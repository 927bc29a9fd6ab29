import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import type { Approval, PermissionDecision } from '../../core/permissions/approval.ts';
import {
  approveDirectory,
  approveRule,
  revoke,
  type ApprovalPlace,
  type ApprovalTerms,
} from '../../core/permissions/approvals.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { approvalJson, expiryText } from './approvalTable.ts';
import { requireToolName } from './parseInput.ts';
import { openScope, readScope, type PermissionOptions, type PermissionScope } from './scope.ts';

interface ChangeOptions extends PermissionOptions {
  /** In days. */
  readonly expires?: number | 'never';
}

/** `holdfast permissions allow|ask|deny RULE` */
export async function decideRule(
  decision: PermissionDecision,
  rule: string,
  command: Command,
): Promise<void> {
  const options = command.optsWithGlobals<ChangeOptions>();
  requireToolName(rule.trim().replace(/\(.*$/s, ''));
  const scope = openScope(options);
  const approval = approveRule(scope.place, rule, decision, termsOf(scope, options));
  await report(scope, options, approval, decision);
}

/** `holdfast permissions add-dir DIR` */
export async function allowDirectory(directory: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ChangeOptions>();
  const scope = openScope(options);
  const approval = approveDirectory(scope.place, directory, termsOf(scope, options));
  await report(scope, options, approval, 'allow');
}

/**
 * `holdfast permissions revoke RULE`: in the session that is named; else wherever it counts.
 * @throws HoldfastError `permission.notFound`.
 */
export async function revokeRule(text: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ChangeOptions>();
  const scope = openScope(options);
  const { approvals } = readScope(scope);
  const taken = placesOf(scope).flatMap(
    (place) => revoke(place, approvals, text, termsOf(scope, options)) ?? [],
  );
  if (taken.length === 0) {
    const known = approvals.map((each) => each.rule ?? each.directory ?? '');
    throw new HoldfastError('permission.notFound', `there is no approval ${text} to take back`, {
      data: { known },
    });
  }
  if (options.json) {
    const now = scope.host.clock.now();
    await writeJson({ revoked: taken.map((each) => approvalJson(each, scope.session, now)) });
    return;
  }
  for (const each of taken) {
    await writeLine(`${each.rule ?? each.directory ?? ''}  revoked (${each.scope})`);
  }
}

function placesOf({ host, session, place }: PermissionScope): ApprovalPlace[] {
  if (place.journal !== undefined || session === undefined) return [place];
  return [place, { workspace: host.workspace, journal: new Journal(host, session) }];
}

function termsOf({ host }: PermissionScope, { expires }: ChangeOptions): ApprovalTerms {
  const expiresAfterDays = expires === 'never' ? null : expires;
  return { by: host.face, nowMs: host.clock.now(), expiresAfterDays };
}

async function report(
  { host, session }: PermissionScope,
  { json }: ChangeOptions,
  approval: Approval,
  decision: PermissionDecision,
): Promise<void> {
  const nowMs = host.clock.now();
  if (json) {
    await writeJson(approvalJson(approval, session, nowMs));
    return;
  }
  const where = approval.scope === 'session' ? `the session ${session ?? ''}` : 'this workspace';
  const until =
    approval.expiresAtMs === undefined ? '' : `, expires ${expiryText(approval, nowMs)}`;
  const verb = { allow: 'allowed', ask: 'always asked about', deny: 'denied' }[decision];
  await writeLine(`${approval.rule ?? approval.directory ?? ''}  ${verb} in ${where}${until}`);
}
