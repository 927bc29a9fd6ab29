import type { Command } from 'commander';
import { listWorkspaces } from '../../core/store/workspace.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import { hostFor, openHost, type CommonOptions } from '../context.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { sessionJson } from './sessionJson.ts';
import { sessionTable, type ListedSession } from './sessionTable.ts';

export interface ListOptions extends CommonOptions {
  readonly allWorkspaces?: boolean;
}

export async function listSessions(command: Command): Promise<void> {
  const options = command.optsWithGlobals<ListOptions>();
  const own = openHost(options);
  const hosts = options.allWorkspaces
    ? listWorkspaces(own.workspace.home).map((workspace) => hostFor(workspace))
    : [own];
  const groups = hosts.map((host) => listOf(new SessionStore(host)));
  const sessions = groups.flat();
  if (options.json) {
    await writeJson(sessions.map(sessionJson));
    return;
  }
  if (sessions.length === 0) {
    const where = options.allWorkspaces ? 'any folder' : own.workspace.folder;
    await writeLine(`No sessions in ${where}.`);
  }
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    if (options.allWorkspaces) await writeLine(first.workspace);
    await writeLine(sessionTable(group, own.clock.now()).join('\n'));
  }
}

function listOf(store: SessionStore): ListedSession[] {
  const { workspace, clock } = store.host;
  const { sessions } = store.list();
  if (sessions.length === 0) return [];
  const running = listTasks(workspace, clock.now()).tasks.filter(
    ({ status }) => status === 'running',
  );
  return sessions.map((summary) => ({
    ...summary,
    workspace: workspace.folder,
    runningTasks: running
      .filter(({ id, session }) => session === summary.id || summary.openTaskIds.includes(id))
      .map(({ id }) => id),
  }));
}
