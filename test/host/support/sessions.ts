import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { systemClock } from '../../../src/core/common/clock.ts';
import { silentLog } from '../../../src/core/common/log.ts';
import { readApprovals, takeBackApproval } from '../../../src/core/permissions/approvalFile.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import type { NewLine } from '../../../src/core/sessions/journalLines.ts';
import { sessionFilesOf, type SessionFiles } from '../../../src/core/sessions/sessionFiles.ts';
import type { SessionHost } from '../../../src/core/sessions/sessionHost.ts';
import type { SessionRecord } from '../../../src/core/sessions/sessionRecord.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { windowWorkspace } from './tasks.ts';

/** The window's sessions as any other program finds them. */
export function sessionHost(): SessionHost {
  return { workspace: windowWorkspace(), face: 'test', clock: systemClock, log: silentLog };
}

export function openStore(): SessionStore {
  return new SessionStore(sessionHost());
}

export function recordOf(id: string): SessionRecord {
  return openStore().record(id, { withMessages: true });
}

export function filesOf(id: string): SessionFiles {
  return sessionFilesOf(windowWorkspace(), id);
}

export function isThere(id: string): boolean {
  return existsSync(filesOf(id).plain) || existsSync(filesOf(id).compressed);
}

/** Adds lines as another program would. */
export function write(id: string, ...lines: NewLine[]): void {
  const journal = new Journal(sessionHost(), id);
  for (const line of lines) journal.append(line);
}

export async function call<T = unknown>(command: string, ...args: readonly unknown[]): Promise<T> {
  return vscode.commands.executeCommand<T>(`holdfast.${command}`, ...args);
}

/** Begins a session as a keybinding would, and gives its id. */
export async function begin(wanted: { id?: string; title?: string } = {}): Promise<string> {
  const id = await call('sessions.new', wanted);
  assert.ok(typeof id === 'string', 'no session was begun');
  return id;
}

/** Leaves the next test no sessions, and nothing that was allowed or refused in the folder. */
export async function removeAllSessions(): Promise<void> {
  const workspace = windowWorkspace();
  for (const { rule, directory } of readApprovals(workspace).approvals) {
    const subject = rule === undefined ? { directory: directory ?? '' } : { rule };
    takeBackApproval(workspace, subject, 'test', Date.now());
  }
  for (const { id } of openStore().list().sessions) {
    await call('sessions.delete', id, { confirm: false });
  }
  await vscode.commands.executeCommand('notifications.clearAll');
}
