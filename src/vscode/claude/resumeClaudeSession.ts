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
import { resumeInTerminal } from './startAgents.ts';
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
const kept: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('pinned'),
  tooltip: 'Go on in a terminal that outlives the window',
};

/**
 * Lets the user choose a session of Claude Code, or takes an id, and goes on with it in a terminal; in a kept one it
 * outlives the window.
 */
export async function resumeClaudeSession(
  scope: CommandScope,
  argument: unknown,
  { isKept = false } = {},
): Promise<string | undefined> {
  const window = scope.open();
  requireTrust();
  const id = idOf(argument);
  if (id === undefined) {
    await pick(scope, window, isKept);
    return undefined;
  }
  if (isKept) return keep(scope, id);
  openTerminal(window, 'resume', id, 'session');
  return undefined;
}

/** Of a session that is not known, the folder is taken to be this one; its own command says if that is wrong. */
function keep(scope: CommandScope, id: string, listed?: ListedTranscript): Promise<string> {
  const { claudeDirectory, home } = guardHostOf(scope.open());
  const known =
    listed ??
    listTranscripts({ claudeDirectory }, new SummaryCache(home)).find((each) => each.id === id);
  const name = known === undefined ? 'session' : claudeSessionName(known);
  return resumeInTerminal(scope, known ?? { id, cwd: undefined }, name);
}

/** An id, or a row of the view. */
function idOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return isTranscriptId(argument) ? argument : undefined;
  const row = v.safeParse(rowSchema, argument);
  return row.success ? row.output.transcript.id : undefined;
}

async function pick(scope: CommandScope, window: OpenedWindow, isKept: boolean): Promise<void> {
  const picker = vscode.window.createQuickPick<SessionItem>();
  let isAll = false;
  const show = (): void => {
    picker.title = isAll ? 'Claude Code Sessions: All Projects' : 'Claude Code Sessions';
    picker.items = itemsOf(window, isAll);
  };
  const keepIt = ({ session }: SessionItem): void => {
    keep(scope, session.id, session).catch((error: unknown) => {
      scope.messages.showError(error);
    });
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
    picker.onDidTriggerItemButton(({ item, button }) => {
      if (button === kept) keepIt(item);
      else openTerminal(window, 'branch', item.session.id, item.label);
      picker.hide();
    }),
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item !== undefined && isKept) keepIt(item);
      else if (item !== undefined) openTerminal(window, 'resume', item.session.id, item.label);
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
    buttons: [kept, branch],
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
