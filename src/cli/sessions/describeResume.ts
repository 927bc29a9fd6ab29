import type { ResumeSummary } from '../../core/sessions/resumeSession.ts';
import { reattachedWords } from '../../core/sessions/sessionTasks.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { counted } from './counted.ts';

/** What a person should know who takes up a session, one thing a line; the session itself first. */
export function describeResume(summary: ResumeSummary): string[] {
  const { sessionId, title, branchedFrom, heldBy, files, damage } = summary;
  const name = title === undefined ? '' : `  ${oneLine(title)}`;
  const lines = [`${sessionId}${name}  (${counted(summary.messageCount, 'message')})`];
  if (branchedFrom !== undefined) {
    const holder = `${heldBy?.face ?? 'another program'}, process ${heldBy?.identity.pid ?? 'unknown'}`;
    lines.push(`${branchedFrom} is open elsewhere (${holder}): this is a branch of it`);
  }
  for (const { id, command, state, exitCode } of summary.tasks) {
    const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
    lines.push(`${id} ${reattachedWords[state]}${code}: ${oneLine(command)}`);
  }
  if (summary.missingCwd !== undefined) {
    lines.push(`its directory ${summary.missingCwd} is gone; commands run in ${summary.cwd}`);
  }
  for (const { path, state } of summary.directories) {
    if (state !== 'ok') lines.push(`approved directory ${state}: ${path}`);
  }
  for (const change of ['changed', 'missing', 'not permitted'] as const) {
    if (files[change].length > 0) lines.push(`files ${change}: ${files[change].join(', ')}`);
  }
  const expired = summary.expiredPermissions.map(({ rule, directory }) => rule ?? directory);
  if (expired.length > 0) lines.push(`approvals expired: ${expired.join(', ')}`);
  if (summary.openToolCalls.length > 0) {
    lines.push(`tool calls without an answer: ${summary.openToolCalls.join(', ')}`);
  }
  const lost = damage.unreadableLines + damage.missingLines;
  if (lost > 0 || damage.isHeaderMissing) {
    lines.push(
      `the journal is damaged (${counted(lost, 'line')} lost): holdfast repair ${sessionId}`,
    );
  }
  return lines;
}
