import type { ResumeSummary } from '../../core/sessions/resumeSession.ts';
import { reattachedWords } from '../../core/sessions/sessionTasks.ts';
import { describeEnd } from '../../core/tasks/describeEnd.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { escapeMarkdown } from '../views/escapeMarkdown.ts';
import { counted, listed, sessionName } from './sessionWords.ts';

/** What coming back to a session found, as one sentence or two: the notification. */
export function resumeSentence(summary: ResumeSummary): string {
  const name = `“${nameOf(summary)}”`;
  const news = newsOf(summary).join(', ');
  if (summary.branchedFrom === undefined) {
    return news === '' ? `Resumed ${name}.` : `Resumed ${name}: ${news}.`;
  }
  const head = `${name} is open in another ${holderOf(summary)}. This is a branch of it: the two go on without touching each other.`;
  return news === '' ? head : `${head} Here, ${news}.`;
}

/** The same in full, as a document. Text of unknown origin in it is shown as it is. */
export function resumeDocument(summary: ResumeSummary, nowText: string): string {
  const { tasks, files, directories, damage } = summary;
  const sections = [
    `# ${escapeMarkdown(nameOf(summary))}`,
    `Session ${code(summary.sessionId)}, resumed ${nowText}. Nothing was started.`,
    summary.branchedFrom === undefined
      ? ''
      : `It is a branch of ${code(summary.branchedFrom)}, which is open in another ${holderOf(summary)}.`,
    section(
      'Tasks',
      tasks.map(({ id, command, state, snapshot }) => {
        const end =
          state === 'ended' && snapshot !== undefined
            ? describeEnd(snapshot)
            : reattachedWords[state];
        return `**${id}** ${escapeMarkdown(end)}: ${code(oneLine(command))}`;
      }),
    ),
    section('Files changed since', files.changed.map(code)),
    section('Files that are missing', files.missing.map(code)),
    section('Files that the session may no longer read', files['not permitted'].map(code)),
    section(
      'Approvals that have expired',
      summary.expiredPermissions.map((each) => code(subjectOf(each))),
    ),
    section('Directories', [
      ...(summary.missingCwd === undefined
        ? []
        : [`${code(summary.missingCwd)} is gone; commands run in ${code(summary.cwd)}`]),
      ...directories
        .filter(({ state }) => state !== 'ok')
        .map(({ path, state }) =>
          state === 'missing'
            ? `${code(path)} is gone`
            : `${code(path)} leads elsewhere now, so it is not approved any more`,
        ),
    ]),
    section('Tool calls without an answer', summary.openToolCalls.map(code)),
    damage.unreadableLines + damage.missingLines === 0
      ? ''
      : `## Damage\n\n${counted(damage.unreadableLines, 'line')} of its journal cannot be read, ${damage.missingLines} are missing. *Repair Session…* sets them aside.`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** The ids of tasks that are gone and may be wanted back. */
export function lostTasks({ tasks }: ResumeSummary): string[] {
  return tasks.filter(({ state, snapshot }) => state === 'lost' && snapshot).map(({ id }) => id);
}

function newsOf({ tasks, files, ...summary }: ResumeSummary): string[] {
  const by = (state: keyof typeof reattachedWords): string[] =>
    tasks.filter((task) => task.state === state).map(({ id }) => id);
  const [running, ended, lost] = [by('running'), by('ended'), [...by('lost'), ...by('gone')]];
  const gone = summary.directories.filter(({ state }) => state !== 'ok').length;
  const unreadable = summary.damage.unreadableLines + summary.damage.missingLines;
  return [
    running.length > 0 ? `${listed(running)} still ${running.length === 1 ? 'runs' : 'run'}` : '',
    ended.length > 0 ? `${listed(ended)} ended` : '',
    lost.length > 0 ? `${listed(lost)} ${lost.length === 1 ? 'was' : 'were'} lost` : '',
    files.changed.length > 0 ? `${counted(files.changed.length, 'file')} changed` : '',
    files.missing.length > 0 ? `${counted(files.missing.length, 'file')} missing` : '',
    files['not permitted'].length > 0
      ? `${counted(files['not permitted'].length, 'file')} no longer permitted`
      : '',
    summary.expiredPermissions.length > 0
      ? `${counted(summary.expiredPermissions.length, 'approval')} expired`
      : '',
    gone > 0 ? `${gone === 1 ? '1 directory' : `${gone} directories`} gone` : '',
    summary.missingCwd === undefined ? '' : 'its working directory is gone',
    summary.openToolCalls.length > 0
      ? `${counted(summary.openToolCalls.length, 'tool call')} without an answer`
      : '',
    unreadable > 0 ? `${counted(unreadable, 'line')} of its journal lost` : '',
  ].filter((text) => text !== '');
}

function nameOf({ sessionId, branchedFrom, title }: ResumeSummary): string {
  // What was asked for is what its user knows it by.
  return sessionName({ id: branchedFrom ?? sessionId, title, firstPrompt: undefined });
}

function holderOf({ heldBy }: ResumeSummary): string {
  const face = heldBy?.face === 'vscode' || heldBy === undefined ? 'window' : 'program';
  return heldBy === undefined ? face : `${face} (process ${heldBy.identity.pid})`;
}

function subjectOf(each: { rule: string | undefined; directory: string | undefined }): string {
  return each.rule ?? each.directory ?? '';
}

function section(heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `## ${heading}\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function code(text: string): string {
  const fence = '`'.repeat(
    1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const pad = fence.length > 1 ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/\s+/g, ' ')}${pad}${fence}`;
}
