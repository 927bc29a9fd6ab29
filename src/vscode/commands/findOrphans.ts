import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import { endProcess, findOrphans, type OrphanProcess } from '../../core/processes/orphans.ts';
import { listWorkspaces } from '../../core/store/workspace.ts';
import { formatDuration, formatSize } from '../../core/tasks/describeTask.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import { readTask } from '../../core/tasks/readTask.ts';
import { resolveHome } from '../../core/store/home.ts';
import type { CommandScope } from './commandScope.ts';

interface OrphanItem extends vscode.QuickPickItem {
  readonly orphan: OrphanProcess;
}

/** Lists processes that nobody seems to want, and ends those that the user picks, asking before each. */
export async function showOrphans(scope: CommandScope): Promise<void> {
  const settings = scope.readSettings();
  const found = findOrphans({
    liveCookies: liveCookies(resolveHome(process.env, settings.home)),
  });
  const elsewhere = cookiesOfOtherHomes(found);
  const orphans = found.filter(({ cookie }) => cookie === undefined || !elsewhere.has(cookie));
  if (orphans.length === 0) {
    void vscode.window.showInformationMessage(
      'There are no orphaned processes: nothing is left of a task that is over, and no Claude Code runs.',
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(items(orphans), {
    title: 'Orphaned Processes',
    placeHolder: 'Which ones shall be ended? Each is confirmed by itself.',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  for (const { orphan } of (chosen ?? []).filter((row) => 'orphan' in row)) {
    const answer = await confirm(orphan);
    if (answer === undefined) return;
    if (answer === 'end') await end(scope, orphan, settings.stopGraceSeconds * 1000);
  }
}

/** The cookies of all running tasks of this user, in whatever workspace. */
function liveCookies(home: string): Set<string> {
  const nowMs = Date.now();
  const tasks = listWorkspaces(home).flatMap(
    (workspace) => listTasks(workspace, nowMs, { withForeground: true }).tasks,
  );
  return new Set(tasks.flatMap(({ status, cookie }) => (status === 'running' ? [cookie] : [])));
}

/**
 * The cookies of running tasks that another home keeps (a container's, a test's, that of another editor): nothing here
 * knows that home, but its keepers name their task directories on their command lines.
 */
function cookiesOfOtherHomes(orphans: readonly OrphanProcess[]): Set<string> {
  const nowMs = Date.now();
  const directories = orphans.flatMap(({ commandLine }) => {
    return /keeper\.(?:sh|cjs) (.+?[\\/]tasks[\\/]bash_\d+)(?= |$)/.exec(commandLine)?.[1] ?? [];
  });
  const tasks = [...new Set(directories)].flatMap((directory) => readTask(directory, nowMs) ?? []);
  return new Set(tasks.flatMap(({ status, cookie }) => (status === 'running' ? [cookie] : [])));
}

function items(orphans: readonly OrphanProcess[]): (OrphanItem | vscode.QuickPickItem)[] {
  const part = (title: string, kind: OrphanProcess['kind']): vscode.QuickPickItem[] => {
    const own = orphans.filter((orphan) => orphan.kind === kind);
    if (own.length === 0) return [];
    return [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...own.map(item)];
  };
  return [
    ...part('Left over from tasks that ended', 'task'),
    ...part('Claude Code, possibly in use', 'claude'),
  ];
}

function item(orphan: OrphanProcess): OrphanItem {
  return {
    label: String(orphan.identity.pid),
    description: orphan.commandLine,
    detail: facts(orphan).join(' · '),
    orphan,
  };
}

function facts({ cwd, ageMs, rssBytes }: OrphanProcess): string[] {
  return [
    cwd ?? 'working directory unknown',
    `running for ${formatDuration(ageMs)}`,
    `${formatSize(rssBytes)} memory`,
  ];
}

/** Undefined: the user wants no more of this. */
async function confirm(orphan: OrphanProcess): Promise<'end' | 'skip' | undefined> {
  const endLabel = 'End Process';
  const skipLabel = 'Skip';
  const note =
    orphan.kind === 'claude' ? ['', 'This is Claude Code. Someone may be working with it.'] : [];
  const detail = [orphan.commandLine, ...facts(orphan), ...note].join('\n');
  const answer = await vscode.window.showWarningMessage(
    `End process ${orphan.identity.pid}?`,
    { modal: true, detail },
    endLabel,
    skipLabel,
  );
  if (answer === undefined) return undefined;
  return answer === endLabel ? 'end' : 'skip';
}

async function end(scope: CommandScope, orphan: OrphanProcess, graceMs: number): Promise<void> {
  const { pid } = orphan.identity;
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Ending process ${pid}…` },
    () => endProcess(orphan.identity, graceMs),
  );
  scope.log.info('orphan.ended', { pid, outcome });
  if (outcome !== 'survived') return;
  throw new HoldfastError('process.survived', `process ${pid} could not be ended`, {
    data: { id: `process ${pid}`, pids: [pid] },
  });
}
