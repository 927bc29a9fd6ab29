import type { ReattachedTask } from '../../sessions/sessionTasks.ts';
import { cursorOf } from '../../sessions/sessionOutput.ts';
import type { SessionState } from '../../sessions/sessionState.ts';
import type { ResumeSummary } from '../../sessions/resumeSession.ts';
import { countLines } from '../../tasks/output.ts';

const MAX_NAMED = 20;

/** What a model should know that goes on with a session; undefined when nothing has changed. */
export function resumeNote(
  summary: ResumeSummary,
  state: SessionState,
  reader: string,
): string | undefined {
  const { files } = summary;
  const lines = [
    named(
      'Changed since you last saw them, read them again before you rely on them',
      files.changed,
    ),
    named('Gone', files.missing),
    named('Out of reach now', files['not permitted']),
    files.unchanged.length === 0
      ? undefined
      : `Unchanged: the other ${files.unchanged.length} files that you know.`,
    ...summary.tasks.map((task) => taskLine(task, state, reader)),
    summary.missingCwd === undefined
      ? undefined
      : `Your working directory ${summary.missingCwd} is gone; it is ${summary.cwd} now.`,
    ...summary.directories.flatMap(({ path, state: now }) =>
      now === 'ok'
        ? []
        : [
            `The approved directory ${path} is ${now === 'moved' ? 'another one now, and no longer approved' : 'gone'}.`,
          ],
    ),
    summary.expiredPermissions.length === 0
      ? undefined
      : `Approvals that have expired: ${summary.expiredPermissions.map(({ rule, directory }) => rule ?? directory).join(', ')}.`,
    summary.openToolCalls.length === 0
      ? undefined
      : `The session broke off during: ${summary.openToolCalls.join(', ')}.`,
    summary.branchedFrom === undefined
      ? undefined
      : 'The session is open in another window: this is a branch of it. The background tasks are shared.',
  ].filter((line) => line !== undefined);
  if (!summary.hasNews || lines.length === 0) return undefined;
  return ['The session goes on after a break. Since then:', ...lines].join('\n');
}

function named(heading: string, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const more = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : '';
  return `${heading}: ${paths.slice(0, MAX_NAMED).join(', ')}${more}.`;
}

function taskLine(task: ReattachedTask, state: SessionState, reader: string): string {
  const { id, command, snapshot, exitCode } = task;
  const standing = {
    running: 'still runs',
    ended:
      snapshot?.status === 'completed'
        ? `has ended with exit code ${exitCode ?? 'unknown'}`
        : `has ended (${snapshot?.status ?? 'unknown'})`,
    lost: 'was lost: the machine restarted, or it was ended from outside',
    gone: 'is gone with its output',
  }[task.state];
  const from = cursorOf(state, id, reader);
  const newLines = snapshot === undefined ? 0 : tryCountLines(snapshot.directory, from);
  const output =
    newLines === 0
      ? 'no new output'
      : `${newLines} new ${newLines === 1 ? 'line' : 'lines'} of output`;
  const firstLine = command.split('\n', 1)[0] ?? '';
  return `${id} (${firstLine.slice(0, 100)}) ${standing}; ${output}.`;
}

function tryCountLines(directory: string, from: number): number {
  try {
    return countLines(directory, from);
  } catch {
    // Its log is gone; reading it will say so.
    return 0;
  }
}
