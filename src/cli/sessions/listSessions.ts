import type { Command } from 'commander';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import { listTasks } from '../../core/tasks/listTasks.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { openStores, type SessionOptions } from './openStore.ts';
import { sessionJson } from './sessionJson.ts';
import { sessionTable, type ListedSession } from './sessionTable.ts';

export async function listSessions(command: Command): Promise<void> {
  await printSessions(command.optsWithGlobals<SessionOptions>());
}

/** For people in groups by day, for scripts as JSON. */
export async function printSessions(options: SessionOptions): Promise<void> {
  const stores = openStores(options);
  const groups = stores.map((store) => ({ store, sessions: listOf(store) }));
  if (options.json) {
    await writeJson(groups.flatMap(({ sessions }) => sessions.map(sessionJson)));
    return;
  }
  const shown = groups.filter(({ sessions }) => sessions.length > 0);
  if (shown.length === 0) {
    const where = options.allWorkspaces
      ? 'any folder'
      : (stores[0]?.host.workspace.folder ?? 'this folder');
    await writeLine(`No sessions in ${where}.`);
  }
  for (const [index, { store, sessions }] of shown.entries()) {
    const { workspace, clock } = store.host;
    if (options.allWorkspaces) await writeLine(`${index === 0 ? '' : '\n'}${workspace.folder}`);
    await writeLine(sessionTable(sessions, clock.now()).join('\n'));
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
