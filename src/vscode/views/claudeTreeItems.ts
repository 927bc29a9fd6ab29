import path from 'node:path';
import * as vscode from 'vscode';
import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import type { TranscriptDetails } from '../../core/agents/claude-code/transcripts/transcriptSummary.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { claudeFacts, claudeSessionName, claudeStatus } from '../claude/claudeWords.ts';
import type { NodeOf } from './sessionNodes.ts';

const ICON = 'sparkle';

export function claudeGroupItem({ sessions }: NodeOf<'claudeGroup'>): vscode.TreeItem {
  const item = new vscode.TreeItem('Claude Code', vscode.TreeItemCollapsibleState.Collapsed);
  const liveCount = sessions.filter(({ live }) => live !== undefined).length;
  item.description = `${sessions.length}${liveCount === 0 ? '' : `, ${liveCount} live`}`;
  item.iconPath = new vscode.ThemeIcon(ICON);
  item.contextValue = 'claudeGroup';
  return item;
}

/** A click shows its parts; going on with it is one button away. */
export function claudeSessionItem({ transcript }: NodeOf<'claude'>): vscode.TreeItem {
  const item = new vscode.TreeItem(
    claudeSessionName(transcript),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  const status = claudeStatus(transcript);
  const time = new Date(transcript.timeMs).toLocaleString();
  item.description = [status ?? time, ...claudeFacts(transcript)].join(' · ');
  item.tooltip = tooltipOf(transcript, time);
  item.iconPath = iconOf(transcript);
  item.contextValue = transcript.live === undefined ? 'claude' : 'claude.live';
  return item;
}

/** The files that a session of Claude Code used, and the background commands that it started, as rows. */
export function claudePartTexts({ files, tasks }: TranscriptDetails, folder: string): string[] {
  const short = (file: string): string => {
    const relative = path.relative(folder, file);
    return relative.startsWith('..') ? file : relative;
  };
  return [
    ...tasks.map(({ id, command, status }) => `${id}: ${oneLine(command, 80)} (${status})`),
    ...files.created.map((file) => `created ${short(file)}`),
    ...files.modified.map((file) => `modified ${short(file)}`),
    ...files.read.map((file) => `read ${short(file)}`),
  ];
}

function iconOf({ live }: ListedTranscript): vscode.ThemeIcon {
  if (live?.status === 'waiting') return new vscode.ThemeIcon('bell-dot');
  if (live?.status === 'busy') return new vscode.ThemeIcon('loading~spin');
  return new vscode.ThemeIcon(live === undefined ? 'comment-discussion' : 'comment');
}

function tooltipOf(session: ListedTranscript, time: string): string {
  const { firstPrompt, cwd, gitBranch, parent, live } = session;
  return [
    oneLine(firstPrompt ?? '', 200),
    `Last active ${time}`,
    cwd,
    gitBranch === undefined ? undefined : `Branch ${gitBranch}`,
    parent === undefined ? undefined : `Branched from ${parent}`,
    live === undefined ? undefined : `Open in process ${live.pid}`,
  ]
    .filter((line) => line !== undefined && line !== '')
    .join('\n');
}
