import * as vscode from 'vscode';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { ClaudeSessionList } from '../claude/claudeSessionList.ts';
import { claudeFacts, claudeSessionName, claudeStatus } from '../claude/claudeWords.ts';
import { foldText } from './foldText.ts';
import type { WorkspaceSessions } from './otherWorkspaces.ts';
import type { TextHit } from './searchText.ts';
import type { ListedSession } from './sessionFeed.ts';
import { sessionItem } from './sessionItems.ts';
import type { SessionWindow } from './sessionWindow.ts';
import { dayHeading, sessionFacts, sessionName, whenText } from './sessionWords.ts';

const MAX_CLAUDE_ROWS = 20;

/** What is compared with the words that are typed: of ten thousand sessions, at each key. */
const comparedTexts = new WeakMap<SessionSummary, string>();

/** A row of the resume picker. */
export interface PickerItem extends vscode.QuickPickItem {
  /** What a click takes up, and where it lives when that is not this workspace. */
  readonly target?: {
    readonly id: string;
    readonly elsewhere?: string;
    /** Claude Code goes on with it, in a terminal. */
    readonly isClaude?: true;
  };
  /** Shows the rows that the list leaves out. */
  readonly isMore?: boolean;
}

export interface ListView {
  readonly sessions: SessionWindow;
  readonly buttons: readonly vscode.QuickInputButton[];
  readonly maxRows: number;
  readonly elsewhere: readonly WorkspaceSessions[];
}

/** Without a word typed: the current session, then all others by day, then those of other workspaces. */
export function listItems(view: ListView): PickerItem[] {
  const { sessions, maxRows, elsewhere } = view;
  const { feed, current, window } = sessions;
  const nowMs = window.host.clock.now();
  const own = current.id === undefined ? undefined : feed.get(current.id);
  const others = feed.sessions.filter(({ id }) => id !== current.id);
  const items: PickerItem[] = own === undefined ? [] : [separator('Current'), rowOf(view, own)];
  let heading = '';
  for (const session of others.slice(0, maxRows)) {
    const day = dayHeading(session.lastActiveMs, nowMs);
    if (day !== heading) items.push(separator(day));
    heading = day;
    items.push(rowOf(view, session));
  }
  const hiddenCount = others.length - maxRows;
  if (hiddenCount > 0) {
    items.push({
      label: `Show ${Math.min(hiddenCount, maxRows)} more`,
      description: `${hiddenCount} are not shown; type to find one`,
      iconPath: new vscode.ThemeIcon('ellipsis'),
      alwaysShow: true,
      isMore: true,
    });
  }
  items.push(...claudeRows(view, nowMs));
  for (const { workspace, sessions: theirs } of elsewhere) {
    items.push(separator(workspace.folder));
    const { folder } = workspace;
    items.push(...theirs.map((each) => rowElsewhere(each, folder, { nowMs, isUnderFolder: true })));
  }
  return items;
}

/** With words typed: the sessions whose title has all of them, then those whose text has. */
export function foundItems(
  view: ListView,
  words: readonly string[],
  hits: readonly TextHit[],
): PickerItem[] {
  const { sessions, maxRows, elsewhere } = view;
  const nowMs = sessions.window.host.clock.now();
  const { folder } = sessions.window.host.workspace;
  const snippets = new Map(hits.map((hit) => [`${hit.workspace}\n${hit.sessionId}`, hit]));
  const take = (workspace: string, id: string): string | undefined => {
    const hit = snippets.get(`${workspace}\n${id}`);
    snippets.delete(`${workspace}\n${id}`);
    return hit && detailOf(hit);
  };
  const items = sessions.feed.sessions
    .filter((session) => matches(session, words))
    .slice(0, maxRows)
    .map((session) => withDetail(rowOf(view, session), take(folder, session.id)));
  for (const { workspace, sessions: theirs } of elsewhere) {
    for (const summary of theirs) {
      if (!matches(summary, words)) continue;
      const row = rowElsewhere(summary, workspace.folder, { nowMs, isUnderFolder: false });
      items.push(withDetail(row, take(workspace.folder, summary.id)));
    }
  }
  for (const hit of snippets.values()) {
    const isOwn = hit.workspace === folder && hit.source !== 'claude';
    const listed = isOwn ? sessions.feed.get(hit.sessionId) : undefined;
    const row = listed === undefined ? rowOfHit(hit, folder, nowMs) : rowOf(view, listed);
    items.push(withDetail(row, detailOf(hit)));
  }
  return items;
}

function rowOf({ sessions, buttons }: ListView, session: ListedSession): PickerItem {
  return {
    ...sessionItem(sessions, session),
    alwaysShow: true,
    buttons,
    target: { id: session.id },
  };
}

/** The latest of Claude Code's; _Resume Claude Code Session…_ and the search have the others. */
function claudeRows({ sessions, elsewhere }: ListView, nowMs: number): PickerItem[] {
  const isAllProjects = elsewhere.length > 0;
  const listed = new ClaudeSessionList(sessions.window).list({ isAllProjects });
  if (listed.length === 0) return [];
  const rows = listed.slice(0, MAX_CLAUDE_ROWS).map((session): PickerItem => {
    const where = isAllProjects ? [session.cwd] : [];
    const time = claudeStatus(session) ?? whenText(session.timeMs, nowMs);
    return {
      label: claudeSessionName(session),
      description: [time, ...claudeFacts(session), ...where].join(' · '),
      iconPath: new vscode.ThemeIcon('sparkle'),
      alwaysShow: true,
      target: { id: session.id, isClaude: true },
    };
  });
  return [separator('Claude Code'), ...rows];
}

/** `isUnderFolder`: a heading above it names the folder. */
function rowElsewhere(
  summary: SessionSummary,
  elsewhere: string,
  { nowMs, isUnderFolder }: { nowMs: number; isUnderFolder: boolean },
): PickerItem {
  const facts = sessionFacts(summary, { runningTasks: 0 });
  return {
    label: sessionName(summary),
    description: [
      whenText(summary.lastActiveMs, nowMs),
      ...facts,
      ...(isUnderFolder ? [] : [elsewhere]),
    ].join(' · '),
    iconPath: new vscode.ThemeIcon('folder'),
    alwaysShow: true,
    target: { id: summary.id, elsewhere },
  };
}

function rowOfHit(hit: TextHit, folder: string, nowMs: number): PickerItem {
  const { sessionId: id, title, workspace, lastActiveMs } = hit;
  if (hit.source === 'claude') {
    const where = workspace === folder ? [] : [workspace];
    return {
      label: oneLine(title, 80),
      description: [whenText(lastActiveMs, nowMs), 'Claude Code', ...where].join(' · '),
      iconPath: new vscode.ThemeIcon('sparkle'),
      alwaysShow: true,
      target: { id, isClaude: true },
    };
  }
  if (workspace !== folder) {
    return {
      label: oneLine(title, 80),
      description: `${whenText(lastActiveMs, nowMs)} · ${workspace}`,
      iconPath: new vscode.ThemeIcon('folder'),
      alwaysShow: true,
      target: { id, elsewhere: workspace },
    };
  }
  return {
    label: oneLine(title, 80),
    description: whenText(lastActiveMs, nowMs),
    iconPath: new vscode.ThemeIcon('history'),
    alwaysShow: true,
    target: { id },
  };
}

function detailOf({ kind, role, snippet }: TextHit): string | undefined {
  if (kind === 'title') return undefined;
  const who = kind === 'message' ? (role ?? kind) : kind.replace('-', ' ');
  return `${who}: ${snippet}`;
}

function withDetail(item: PickerItem, detail: string | undefined): PickerItem {
  return detail === undefined ? item : { ...item, detail };
}

function matches(session: SessionSummary, words: readonly string[]): boolean {
  let text = comparedTexts.get(session);
  if (text === undefined) {
    text = foldText(`${session.title ?? ''} ${session.firstPrompt ?? ''} ${session.id}`);
    comparedTexts.set(session, text);
  }
  return words.every((word) => text.includes(word));
}

function separator(label: string): PickerItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
