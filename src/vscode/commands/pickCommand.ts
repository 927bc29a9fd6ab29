import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { OpenedWindow } from './commandScope.ts';
import { earlierCommands, type CommandSuggestion } from './commandSuggestion.ts';
import { packageScripts } from './packageScripts.ts';
import { shellTasks } from './shellTasks.ts';

/** It takes the editor this long to show what was typed, at most; until then its list is that for an earlier text. */
const STALE_LIST_MS = 250;

interface CommandItem extends vscode.QuickPickItem {
  readonly suggestion?: CommandSuggestion;
  /** The item for what is being typed; the text may be ahead of it. */
  readonly isTyped?: boolean;
}

/** Asks for a command: typed, or one that the folder or the workspace's past suggests. */
export function pickCommand(
  window: OpenedWindow,
  folder: vscode.WorkspaceFolder,
): Promise<CommandSuggestion | undefined> {
  const cwd = folder.uri.fsPath;
  const suggested = suggestedItems(window, folder);
  const picker = vscode.window.createQuickPick<CommandItem>();
  picker.title = `Run Background Task in ${folder.name}`;
  picker.placeholder = 'Type a command, such as npm run dev, or pick one';
  picker.matchOnDescription = true;
  picker.items = suggested;
  let changedAtMs = -Infinity;
  picker.onDidChangeValue((value) => {
    changedAtMs = performance.now();
    const line = value.trim();
    // What was typed comes first: Enter runs it, and never something that merely looks like it.
    picker.items = line === '' ? suggested : [typedItem(line, cwd), ...suggested];
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const line = picker.value.trim();
      const [chosen] = picker.selectedItems;
      const isStale = performance.now() - changedAtMs < STALE_LIST_MS;
      const isTyped = line !== '' && (isStale || chosen === undefined || chosen.isTyped === true);
      resolve(isTyped ? { line, cwd } : chosen?.suggestion);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** The folder to run in: the only one, or the one that the user picks. */
export async function pickFolder(
  folders: readonly vscode.WorkspaceFolder[],
): Promise<vscode.WorkspaceFolder | undefined> {
  if (folders.length <= 1) return folders[0];
  const items = folders.map((folder) => ({
    label: folder.name,
    description: folder.uri.fsPath,
    folder,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Run Background Task',
    placeHolder: 'In which folder?',
  });
  return picked?.folder;
}

function typedItem(line: string, cwd: string): CommandItem {
  return {
    label: line,
    iconPath: new vscode.ThemeIcon('play'),
    description: 'run this',
    alwaysShow: true,
    isTyped: true,
    suggestion: { line, cwd },
  };
}

function suggestedItems(window: OpenedWindow, folder: vscode.WorkspaceFolder): CommandItem[] {
  const cwd = folder.uri.fsPath;
  const configuration = vscode.workspace.getConfiguration(undefined, folder.uri);
  const configured = shellTasks(configuration.get('tasks.tasks'), {
    folder: cwd,
    homeDirectory: homedir(),
    environment: process.env,
    platform: process.platform,
    readSetting: (name) => configuration.get(name),
  });
  return [
    ...section('Earlier in this workspace', 'history', earlierCommands(window.feed.tasks), cwd),
    ...section('Scripts of package.json', 'package', packageScripts(cwd), cwd),
    ...section('Shell tasks of tasks.json', 'tools', configured, cwd),
  ];
}

function section(
  title: string,
  icon: string,
  suggestions: readonly CommandSuggestion[],
  folder: string,
): CommandItem[] {
  if (suggestions.length === 0) return [];
  const items = suggestions.map((suggestion): CommandItem => {
    const { line, cwd, title: name, description } = suggestion;
    const elsewhere = path.relative(folder, cwd);
    const about = [name === undefined ? description : name, elsewhere && `in ${elsewhere}`];
    return {
      label: line,
      iconPath: new vscode.ThemeIcon(icon),
      description: about.filter(Boolean).join(' · '),
      suggestion,
    };
  });
  return [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
