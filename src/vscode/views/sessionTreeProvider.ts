import * as vscode from 'vscode';
import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import type { ListedSession } from '../sessions/sessionFeed.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { dayGroup, type DayGroup } from '../sessions/sessionWords.ts';
import { ClaudeSessionList } from '../claude/claudeSessionList.ts';
import { claudePartTexts } from './claudeTreeItems.ts';
import type { NodeOf, SessionNode } from './sessionNodes.ts';
import { rowsOf, sectionsOf } from './sessionSections.ts';
import { createSessionItem } from './sessionTreeItems.ts';

/** A list shows this many rows more each time. */
const PAGE_ROWS = 50;
const GROUPS: readonly DayGroup[] = ['Today', 'Yesterday', 'Last week', 'Older'];

/** Gives the view its rows: the current session and what belongs to it, then the others by day. */
export class SessionTreeProvider
  implements vscode.TreeDataProvider<SessionNode>, vscode.Disposable
{
  readonly #sessions: SessionWindow;
  readonly #claude: ClaudeSessionList;
  readonly #changes = new vscode.EventEmitter<undefined>();
  /** How many pages are shown of a list that is longer than one. */
  readonly #pages = new Map<string, number>();

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(sessions: SessionWindow) {
    this.#sessions = sessions;
    this.#claude = new ClaudeSessionList(sessions.window);
  }

  getChildren(node?: SessionNode): SessionNode[] {
    if (node === undefined) return this.#roots();
    switch (node.kind) {
      case 'session':
        return node.key === node.session ? sectionsOf(this.#sessions, node.session) : [];
      case 'section':
        return this.#paged(node.key, rowsOf(this.#sessions, node.session, node.section));
      case 'group':
        return this.#paged(node.key, this.#inGroup(node.group).map(nodeOf));
      case 'claudeGroup':
        return this.#paged(node.key, node.sessions.map(claudeNode));
      case 'claude':
        return this.#claudeParts(node);
      default:
        return [];
    }
  }

  /** Only what `reveal` is asked for: sessions. */
  getParent(node: SessionNode): SessionNode | undefined {
    if (node.kind !== 'session' || node.session === this.#sessions.current.id) return undefined;
    const listed = this.#sessions.feed.get(node.session);
    return listed && groupNode(this.#groupOf(listed));
  }

  getTreeItem(node: SessionNode): vscode.TreeItem {
    return createSessionItem(this.#sessions, node);
  }

  showMore(list: string): void {
    this.#pages.set(list, (this.#pages.get(list) ?? 1) + 1);
    this.refresh();
  }

  refresh(): void {
    this.#changes.fire(undefined);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #roots(): SessionNode[] {
    const { feed, current } = this.#sessions;
    const listed = current.id === undefined ? undefined : feed.get(current.id);
    const others = feed.sessions.filter(({ id }) => id !== current.id);
    const claude = this.#claudeGroup();
    if (listed === undefined && others.length === 0) return claude;
    const groups = GROUPS.filter((group) => others.some((each) => this.#groupOf(each) === group));
    const none: SessionNode = {
      kind: 'hint',
      key: 'none',
      text: 'No session is current: the first task begins one',
    };
    return [listed === undefined ? none : nodeOf(listed), ...groups.map(groupNode), ...claude];
  }

  #claudeGroup(): SessionNode[] {
    const sessions = this.#claude.list();
    return sessions.length === 0 ? [] : [{ kind: 'claudeGroup', key: 'claude', sessions }];
  }

  #claudeParts({ key, transcript }: NodeOf<'claude'>): SessionNode[] {
    const { folder } = this.#sessions.window.host.workspace;
    const texts = claudePartTexts(this.#claude.detailsOf(transcript), folder);
    const shown = texts.length === 0 ? ['No files and no background tasks'] : texts;
    const rows = shown.map((text): SessionNode => ({ kind: 'hint', key: `${key}/${text}`, text }));
    return this.#paged(key, rows);
  }

  #inGroup(group: DayGroup): ListedSession[] {
    const { feed, current } = this.#sessions;
    return feed.sessions.filter((each) => each.id !== current.id && this.#groupOf(each) === group);
  }

  #groupOf({ lastActiveMs }: ListedSession): DayGroup {
    return dayGroup(lastActiveMs, this.#sessions.window.host.clock.now());
  }

  #paged(list: string, rows: SessionNode[]): SessionNode[] {
    const shownCount = PAGE_ROWS * (this.#pages.get(list) ?? 1);
    const hiddenCount = rows.length - shownCount;
    if (hiddenCount <= 0) return rows;
    const more: SessionNode = { kind: 'more', key: `${list}/more`, list, hiddenCount };
    return [...rows.slice(0, shownCount), more];
  }
}

function nodeOf({ id }: ListedSession): SessionNode {
  return { kind: 'session', key: id, session: id };
}

function claudeNode(transcript: ListedTranscript): SessionNode {
  return { kind: 'claude', key: `claude ${transcript.id}`, transcript };
}

function groupNode(group: DayGroup): SessionNode {
  return { kind: 'group', key: `group ${group}`, group };
}
