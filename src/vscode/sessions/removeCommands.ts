import * as vscode from 'vscode';
import { deleteSession, TRASH_DAYS, undeleteSession } from '../../core/sessions/deleteSession.ts';
import { deletedRecord } from '../../core/sessions/mergeRecords.ts';
import { pruneSessions } from '../../core/sessions/pruneSessions.ts';
import { recoverSession } from '../../core/sessions/recoverSession.ts';
import { repairSession, type RepairResult } from '../../core/sessions/repairSession.ts';
import type { SessionHandler, SessionScope } from './handlers.ts';
import { sessionNamedOrChosen } from './sessionArgument.ts';
import type { ListedSession } from './sessionFeed.ts';
import { sessionItem } from './sessionItems.ts';
import { runningTasksOf } from './sessionWindow.ts';
import { keptRecordOf } from './takeUp.ts';
import { counted, listed as joined, sessionName, whenText } from './sessionWords.ts';
import { isUnasked } from '../commands/isUnasked.ts';

/** Deletes a session after asking; `{ confirm: false }` as the second argument asks nothing. */
export const remove: SessionHandler = async (scope, args) => {
  const id = await sessionNamedOrChosen(scope, args, 'Delete which session?');
  if (id === undefined) return undefined;
  const listed = scope.sessions.feed.get(id);
  if (!isUnasked(args[1]) && !(await confirm(scope, id, listed))) return undefined;
  deleteOne(scope, id);
  offerUndo(scope, [id], listed === undefined ? id : sessionName(listed, 40));
  return id;
};

/** Shows what would go, and deletes what the user leaves ticked; `{ confirm: false }` deletes all of it. */
export const prune: SessionHandler = async (scope, [options]) => {
  const { sessions } = scope;
  const maxAgeDays = sessions.readSettings().sessionRetentionDays;
  const candidates = pruneSessions(sessions.store, { maxAgeDays, isDryRun: true });
  if (candidates.length === 0) {
    void vscode.window.showInformationMessage(
      `Nothing to prune: every session was worked on within ${counted(maxAgeDays, 'day')}, is pinned, open, or has a running task.`,
    );
    return [];
  }
  const items = candidates.map((summary) => ({
    ...sessionItem(sessions, { ...summary, isRecoverable: false }),
    picked: true,
  }));
  const chosen = isUnasked(options)
    ? items
    : await vscode.window.showQuickPick(items, {
        title: `Prune Sessions: ${candidates.length} not worked on for ${counted(maxAgeDays, 'day')}`,
        placeHolder: `What is ticked goes to the trash for ${TRASH_DAYS} days. Nothing is deleted yet.`,
        canPickMany: true,
        matchOnDescription: true,
      });
  if (chosen === undefined || chosen.length === 0) return [];
  // The answer may have taken a while, and somebody may have taken one up again.
  const still = new Set(
    pruneSessions(sessions.store, { maxAgeDays, isDryRun: true }).map(({ id }) => id),
  );
  const ids = chosen.map(({ session }) => session.id).filter((id) => still.has(id));
  for (const id of ids) deleteOne(scope, id);
  offerUndo(scope, ids, counted(ids.length, 'session'));
  return ids;
};

export const repair: SessionHandler = async (scope, args) => {
  const { sessions } = scope;
  const question = 'Repair which session?';
  const damaged = sessions.feed.sessions.some(({ isDamaged }) => isDamaged);
  const fits = damaged ? ({ isDamaged }: ListedSession): boolean => isDamaged : undefined;
  const id = await sessionNamedOrChosen(scope, args, question, fits);
  if (id === undefined) return undefined;
  const kept = keptRecordOf(sessions, id);
  const recovery = kept && recoverSession(sessions.store, kept);
  const result = recovery?.repair ?? repairSession(sessions.store, id);
  const damagedFile = recovery?.damagedFile ?? result.damagedFile;
  sessions.feed.refresh();
  tellRepaired({ ...result, damagedFile });
  return { ...result, damagedFile };
};

function tellRepaired({ damage, damagedFile, keptLines }: RepairResult): void {
  if (damagedFile === undefined) {
    const missing = damage.missingLines;
    const rest = missing > 0 ? ` ${counted(missing, 'line')} of it are gone for good.` : '';
    void vscode.window.showInformationMessage(
      `Nothing to repair: all ${counted(keptLines, 'line')} can be read.${rest}`,
    );
    return;
  }
  const showFile = 'Show Damaged File';
  void vscode.window
    .showInformationMessage(
      `Repaired: ${counted(keptLines, 'line')} kept, ${counted(damage.unreadableLines, 'line')} set aside with the damaged file.`,
      showFile,
    )
    .then((answer) =>
      answer === showFile
        ? vscode.commands.executeCommand('vscode.open', vscode.Uri.file(damagedFile))
        : undefined,
    );
}

function deleteOne({ sessions }: SessionScope, id: string): void {
  const { current, stored, store, feed, window } = sessions;
  const isRecoverable = feed.get(id)?.isRecoverable === true;
  if (current.id === id) current.letGo();
  // Of one whose journal is gone, only the editor's copy is left to be deleted.
  if (!isRecoverable) deleteSession(store, id);
  stored.put([storedDeletion(id, window.host.clock.now())]);
  feed.refresh();
}

function storedDeletion(id: string, nowMs: number): ReturnType<typeof deletedRecord> {
  return { ...deletedRecord(id, nowMs), storedAt: new Date(nowMs).toISOString() };
}

function offerUndo({ scope, sessions }: SessionScope, ids: readonly string[], what: string): void {
  if (ids.length === 0) return;
  const undo = 'Undo';
  void vscode.window
    .showInformationMessage(`Deleted ${what}. It lies in the trash for ${TRASH_DAYS} days.`, undo)
    .then((answer) => {
      if (answer !== undo) return;
      for (const id of ids) undeleteSession(sessions.window.host, id);
      sessions.feed.refresh();
    })
    .then(undefined, scope.messages.showError);
}

/** Names what goes, and what stays. */
async function confirm(
  { sessions }: SessionScope,
  id: string,
  listed: ListedSession | undefined,
): Promise<boolean> {
  if (listed === undefined) return true;
  const running = runningTasksOf(sessions.window, listed);
  const nowMs = sessions.window.host.clock.now();
  const parts = [
    counted(listed.messageCount, 'message'),
    `what it knows of ${counted(listed.fileCount, 'file')} and ${counted(listed.taskCount, 'task')}`,
    'its permissions and notes',
  ];
  const detail = [
    `What goes: ${joined(parts)}; last worked on ${whenText(listed.lastActiveMs, nowMs)}. It lies in the trash for ${TRASH_DAYS} days.`,
    running.length > 0
      ? `What stays: ${joined(running)} ${running.length === 1 ? 'goes' : 'go'} on running; the files themselves.`
      : 'What stays: the files themselves, and the tasks with their output.',
    listed.branchCount > 0 ? 'Its branches stay whole.' : '',
    id === sessions.current.id ? 'It is the current session of this window.' : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
  const yes = 'Delete';
  const question = `Delete the session “${sessionName(listed, 60)}”?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
