import path from 'node:path';
import * as vscode from 'vscode';
import { hasExpired } from '../../core/permissions/approval.ts';
import { compareFile } from '../../core/sessions/describeFile.ts';
import { leaseHolderOf } from '../../core/sessions/sessionLease.ts';
import { sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { lastOutputLine } from '../../core/tasks/lastOutputLine.ts';
import type { ListedSession } from '../sessions/sessionFeed.ts';
import { runningTasksOf, type SessionWindow } from '../sessions/sessionWindow.ts';
import {
  counted,
  sessionFacts,
  sessionName,
  untilText,
  whenText,
} from '../sessions/sessionWords.ts';
import { claudeGroupItem, claudeSessionItem } from './claudeTreeItems.ts';
import type { NodeOf, SectionName, SessionNode } from './sessionNodes.ts';
import { rowsOf, stateOf } from './sessionSections.ts';
import { createTaskItem } from './taskTreeItem.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** One row of the view Sessions. */
export function createSessionItem(sessions: SessionWindow, node: SessionNode): vscode.TreeItem {
  const item = itemFor(sessions, node);
  item.id = node.key;
  return item;
}

function itemFor(sessions: SessionWindow, node: SessionNode): vscode.TreeItem {
  switch (node.kind) {
    case 'session':
      return sessionItem(sessions, node);
    case 'section':
      return sectionItem(sessions, node);
    case 'task':
      return taskItem(sessions, node);
    case 'file':
      return fileItem(sessions, node);
    case 'permission':
      return permissionItem(sessions, node);
    case 'note':
      return noteItem(node);
    case 'group':
      return new vscode.TreeItem(node.group, node.group === 'Today' ? Expanded : Collapsed);
    case 'hint':
      return hintItem(node);
    case 'claudeGroup':
      return claudeGroupItem(node);
    case 'claude':
      return claudeSessionItem(node);
    case 'more':
      return moreItem(node);
  }
}

function sessionItem(
  sessions: SessionWindow,
  { session, key }: NodeOf<'session'>,
): vscode.TreeItem {
  const { feed, current, window } = sessions;
  const listed = feed.get(session);
  if (listed === undefined) return new vscode.TreeItem(session.slice(0, 8));
  const isCurrent = current.id === session;
  const nowMs = window.host.clock.now();
  const name = sessionName(listed);
  const isInside = key !== session;
  const item = new vscode.TreeItem(name, isInside ? None : isCurrent ? Expanded : Collapsed);
  const isElsewhere =
    !isCurrent && leaseHolderOf(sessionFilesOf(window.host.workspace, session)) !== undefined;
  const parent = listed.parent === undefined ? undefined : feed.get(listed.parent);
  const facts = [
    isCurrent ? 'current' : '',
    key.includes('/parent ') ? 'where it began' : '',
    isElsewhere ? 'open in another window' : '',
    listed.isRecoverable ? 'journal gone, can be recovered' : '',
    listed.isDamaged ? 'damaged' : '',
    isCurrent ? '' : whenText(listed.lastActiveMs, nowMs),
    ...sessionFacts(listed, {
      runningTasks: runningTasksOf(window, listed).length,
      parentName: parent && sessionName(parent, 24),
    }),
  ].filter((fact) => fact !== '');
  item.description = facts.join(' · ');
  item.iconPath = sessionIcon(listed, { isCurrent, isElsewhere });
  item.contextValue = [
    'session',
    isCurrent ? 'current' : 'past',
    listed.isPinned ? 'pinned' : 'unpinned',
    ...(listed.isDamaged ? ['damaged'] : []),
    ...(listed.isRecoverable ? ['recoverable'] : []),
  ].join('.');
  item.tooltip = [
    name,
    facts.join(' · '),
    listed.isPinned ? 'Pinned: it is never pruned' : '',
    listed.title !== undefined && listed.firstPrompt !== undefined
      ? `Began with: ${oneLine(listed.firstPrompt)}`
      : '',
    `Id: ${session}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
  item.accessibilityInformation = {
    label: [`session ${name}`, listed.isPinned ? 'pinned' : '', ...facts]
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

/** Shapes differ, too: colours alone tell some people nothing. */
function sessionIcon(
  { isRecoverable, isDamaged, isPinned, parent }: ListedSession,
  { isCurrent, isElsewhere }: { isCurrent: boolean; isElsewhere: boolean },
): vscode.ThemeIcon {
  if (isRecoverable || isDamaged) {
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  }
  if (isCurrent) {
    return new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.green'));
  }
  if (isElsewhere) return new vscode.ThemeIcon('multiple-windows');
  if (isPinned) return new vscode.ThemeIcon('pinned');
  return new vscode.ThemeIcon(parent === undefined ? 'history' : 'git-branch');
}

const sectionLooks: Readonly<Record<SectionName, readonly [label: string, icon: string]>> = {
  tasks: ['Tasks', 'server-process'],
  files: ['Files', 'files'],
  permissions: ['Permissions', 'shield'],
  notes: ['Notes', 'note'],
  branches: ['Branches', 'git-branch'],
};

function sectionItem(
  sessions: SessionWindow,
  { session, section }: NodeOf<'section'>,
): vscode.TreeItem {
  const [label, icon] = sectionLooks[section];
  const rows = rowsOf(sessions, session, section);
  const isCurrent = sessions.current.id === session;
  const isOpen = isCurrent && (section === 'tasks' || section === 'files');
  const item = new vscode.TreeItem(label, isOpen ? Expanded : Collapsed);
  item.iconPath = new vscode.ThemeIcon(icon);
  const listed = sessions.feed.get(session);
  const running =
    section === 'tasks' && listed !== undefined
      ? runningTasksOf(sessions.window, listed).length
      : 0;
  item.description = running > 0 ? `${rows.length}, ${running} running` : String(rows.length);
  item.contextValue = `section.${section}`;
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

function taskItem(sessions: SessionWindow, { session, task }: NodeOf<'task'>): vscode.TreeItem {
  const { window } = sessions;
  const snapshot = window.feed.get(task);
  if (snapshot !== undefined) {
    const line = snapshot.status === 'running' ? lastOutputLine(snapshot) : '';
    return createTaskItem(snapshot, line, window.host.clock.now());
  }
  const known = stateOf(sessions, session)?.tasks.get(task);
  const item = new vscode.TreeItem(`${task}  ${oneLine(known?.command ?? '', 24)}`);
  item.description = `${known?.end?.status ?? 'lost'}, its directory is gone`;
  item.iconPath = new vscode.ThemeIcon('question', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = 'gone';
  return item;
}

function fileItem(sessions: SessionWindow, node: NodeOf<'file'>): vscode.TreeItem {
  const { file } = node;
  const { folder } = sessions.window.host.workspace;
  const item = new vscode.TreeItem(path.basename(file.path));
  const change = compareFile(file);
  const directory = path.relative(folder, path.dirname(file.path));
  const how = file.isCreated ? 'created' : file.isModified ? 'modified' : 'read';
  const facts = [
    how,
    change === 'unchanged' ? '' : change === 'changed' ? 'changed since' : change,
    directory,
  ].filter((fact) => fact !== '');
  item.description = facts.join(' · ');
  // Gives the icon of the file's type, and the colours of version control.
  item.resourceUri = vscode.Uri.file(file.path);
  item.iconPath = vscode.ThemeIcon.File;
  item.tooltip = `${file.path}\n${how} ${whenText(file.atMs, sessions.window.host.clock.now())}${
    change === 'changed'
      ? '\nChanged since the session last touched it; click for the difference'
      : ''
  }`;
  item.contextValue = `file.${change.replaceAll(' ', '-')}`;
  item.command = { command: 'holdfast.sessions.openFile', title: 'Open', arguments: [node] };
  item.accessibilityInformation = { label: [path.basename(file.path), ...facts].join(', ') };
  return item;
}

function permissionItem(
  sessions: SessionWindow,
  { permission, session }: NodeOf<'permission'>,
): vscode.TreeItem {
  const { rule, directory, decision, scope, by, givenAtMs, expiresAtMs } = permission;
  const nowMs = sessions.window.host.clock.now();
  const subject = oneLine(rule ?? directory ?? '');
  const item = new vscode.TreeItem(subject);
  const expiry =
    expiresAtMs === undefined
      ? ''
      : hasExpired(permission, nowMs)
        ? 'expired'
        : `expires ${untilText(expiresAtMs, nowMs)}`;
  const words = { allow: 'allowed', ask: 'always asked', deny: 'denied' } as const;
  const facts = [
    words[decision],
    scope === 'workspace' ? 'whole workspace' : 'this session',
    expiry,
  ].filter((fact) => fact !== '');
  item.description = facts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(
    directory === undefined ? (decision === 'deny' ? 'circle-slash' : 'key') : 'folder',
  );
  item.tooltip = `${subject}\n${facts.join(' · ')}\nGiven by ${by} ${whenText(givenAtMs, nowMs)}`;
  // Only the current session's approvals are in force, and only those are for taking back.
  item.contextValue = sessions.current.id === session ? 'permission' : 'permission.past';
  item.accessibilityInformation = { label: [subject, ...facts].join(', ') };
  return item;
}

function noteItem({ text }: NodeOf<'note'>): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(text, 120));
  item.iconPath = new vscode.ThemeIcon('note');
  item.tooltip = text;
  item.contextValue = 'note';
  return item;
}

function hintItem({ text, command }: NodeOf<'hint'>): vscode.TreeItem {
  const item = new vscode.TreeItem('');
  item.description = text;
  item.accessibilityInformation = { label: text };
  item.contextValue = 'hint';
  if (command !== undefined) item.command = { command, title: text };
  return item;
}

function moreItem({ hiddenCount, list }: NodeOf<'more'>): vscode.TreeItem {
  const item = new vscode.TreeItem(
    `Show more (${counted(hiddenCount, 'more row').replace('more ', '')})`,
  );
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'more';
  item.command = { command: 'holdfast.sessions.showMore', title: 'Show More', arguments: [list] };
  return item;
}
