import * as vscode from 'vscode';
import type { HoldfastError } from '../core/common/errors.ts';
import { readSettings, type Settings } from './settings.ts';

/** Gives the settings as they are now, and tells each wrong value once in the life of the window. */
export function createSettingsReader(onProblem: (problem: HoldfastError) => void): () => Settings {
  const told = new Set<string>();
  return () => {
    const configuration = vscode.workspace.getConfiguration('holdfast');
    return readSettings(
      (name) => configuration.get(name),
      (problem) => {
        if (told.has(problem.message)) return;
        told.add(problem.message);
        onProblem(problem);
      },
    );
  };
}

/** The home is chosen when the window opens; another one needs another start. */
export function watchHomeSetting(): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(async (event) => {
    if (!event.affectsConfiguration('holdfast.home')) return;
    const reload = 'Reload Window';
    const message =
      'Holdfast uses the new directory of “holdfast.home” after a reload. Running tasks go on.';
    if ((await vscode.window.showInformationMessage(message, reload)) === reload) {
      await vscode.commands.executeCommand('workbench.action.reloadWindow');
    }
  });
}
