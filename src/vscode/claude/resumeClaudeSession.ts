import * as v from 'valibot';
import * as vscode from 'vscode';
import { realDirectory } from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import {
  listTranscripts,
  type ListedTranscript,
} from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { SummaryCache } from '../../core/agents/claude-code/transcripts/summaryCache.ts';
import { isTranscriptId } from '../../core/agents/claude-code/transcripts/transcriptFiles.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { CommandScope, OpenedWindow } from '../commands/commandScope.ts';
import { requireTrust } from '../windowFolder.ts';
import { guardHostOf, runGuard } from './claudeGuard.ts';
import { claudeFacts, claudeSessionName, claudeStatus } from './claudeWords.ts';

interface SessionItem extends vscode.QuickPickItem {
  readonly session: ListedTranscript;
}

const rowSchema = v.looseObject({ transcript: v.looseObject({ id: v.string() }) });

const allProjects: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('globe'),
  tooltip: 'Those of all projects, or of this folder only',
};
const branch: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('git-branch'),
  tooltip: 'Go on with a copy',
};

/** Lets the user choose a session of Claude Code, or takes an id, and goes on with it in a terminal. */
export async function resumeClaudeSession(scope: CommandScope, argument: unknown): Promise<void> {
  const window = scope.open();
  requireTrust();
  const id = idOf(argument);
  if (id !== undefined) {
    openTerminal(window, 'resume', id, 'session');
    return;
  }
  await pick(scope, window);
}

/** An id, or a row of the view. */
function idOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return isTranscriptId(argument) ? argument : undefined;
  const row = v.safeParse(rowSchema, argument);
  return row.success ? row.output.transcript.id : undefined;
}

async function pick(scope: CommandScope, window: OpenedWindow): Promise<void> {
  const picker = vscode.window.createQuickPick<SessionItem>();
  let isAll = false;
  const show = (): void => {
    picker.title = isAll ? 'Claude Code Sessions: All Projects' : 'Claude Code Sessions';
    picker.items = itemsOf(window, isAll);
  };
  picker.placeholder = 'Go on with which session?';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [allProjects];
  const listeners = [
    picker.onDidTriggerButton(() => {
      isAll = !isAll;
      show();
    }),
    picker.onDidTriggerItemButton(({ item }) => {
      openTerminal(window, 'branch', item.session.id, item.label);
      picker.hide();
    }),
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item !== undefined) openTerminal(window, 'resume', item.session.id, item.label);
      picker.hide();
    }),
  ];
  const hidden = new Promise<void>((resolve) => {
    listeners.push(
      picker.onDidHide(() => {
        resolve();
      }),
    );
  });
  show();
  picker.show();
  picker.busy = true;
  await Promise.race([runGuard(window, scope.readSettings()).then(show), hidden]);
  picker.busy = false;
  await hidden;
  vscode.Disposable.from(...listeners, picker).dispose();
}

function itemsOf(window: OpenedWindow, isAll: boolean): SessionItem[] {
  const { home, claudeDirectory } = guardHostOf(window);
  const folder = isAll ? undefined : realDirectory(window.host.workspace.folder);
  return listTranscripts({ claudeDirectory, folder }, new SummaryCache(home)).map((session) => ({
    session,
    label: claudeSessionName(session),
    description: [
      claudeStatus(session),
      ...claudeFacts(session),
      new Date(session.timeMs).toLocaleString(),
    ]
      .filter((fact) => fact !== undefined)
      .join(' · '),
    ...(isAll && session.cwd !== undefined ? { detail: session.cwd } : {}),
    buttons: [branch],
  }));
}

/** The command line looks whether it is open elsewhere, and asks there what to do. */
function openTerminal(
  { host }: OpenedWindow,
  act: 'resume' | 'branch',
  id: string,
  name: string,
): void {
  const terminal = vscode.window.createTerminal({
    name: `Claude: ${oneLine(name, 40)}`,
    cwd: host.workspace.folder,
  });
  terminal.show();
  terminal.sendText(`holdfast claude ${act} ${id}`);
}
