import type { Approval } from '../../core/permissions/approval.ts';
import { hasExpired } from '../../core/permissions/approval.ts';
import { readCountingApprovals } from '../../core/permissions/approvals.ts';
import { showDocument } from '../sessions/resumeReport.ts';
import type { SessionHandler } from '../sessions/handlers.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { untilText } from '../sessions/sessionWords.ts';
import type { ChatHandler } from './chatRequest.ts';
import { code, commandLink, reply } from './reply.ts';

/** `/permissions`. */
export const showPermissions: ChatHandler = ({ sessions, stream }) => {
  stream.markdown(
    reply(
      permissionsText(sessions, (approval) => {
        const node = {
          permission: {
            rule: approval.rule,
            directory: approval.directory,
            scope: approval.scope,
          },
        };
        return commandLink('revoke', 'holdfast.permissions.revoke', node);
      }),
    ),
  );
  stream.button({ command: 'holdfast.permissions.add', title: 'Add Permission…' });
  return {};
};

/** The same as a document. */
export const openPermissions: SessionHandler = async ({ sessions }) => {
  const text = permissionsText(sessions, () => '');
  await showDocument('Permissions', 'permissions', `# Permissions\n\n${text}\n`);
};

function permissionsText(
  { window, store, current }: SessionWindow,
  actionFor: (approval: Approval) => string,
): string {
  const state = current.id === undefined ? undefined : store.fold(current.id).state;
  const { approvals } = readCountingApprovals(window.host.workspace, state);
  const nowMs = window.host.clock.now();
  const rows = approvals.map((approval) => {
    const { rule, directory, decision, scope, expiresAtMs } = approval;
    const until = hasExpired(approval, nowMs)
      ? 'expired'
      : expiresAtMs === undefined
        ? 'until revoked'
        : `expires ${untilText(expiresAtMs, nowMs)}`;
    const where = scope === 'session' ? 'this session' : 'this folder';
    const facts = [decision, where, until, actionFor(approval)].filter((fact) => fact !== '');
    return `- ${code(rule ?? directory ?? '')}  \n  ${facts.join(' · ')}`;
  });
  if (rows.length === 0) {
    return 'Nothing is allowed or denied by a rule. Agents read what is in the folder without asking, and ask for everything else.';
  }
  return rows.join('\n');
}
