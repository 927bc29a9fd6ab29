import * as vscode from 'vscode';
import { setMark } from '../../core/agents/claude-code/hookMarks.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';

const WAKE = 'claude.wakeOnTaskEnd';
const GUARD = 'claude.guardTranscripts';

/**
 * Tells the hooks of Claude Code, which are shell scripts, what is set here. What nobody has set stays as the command line
 * has it.
 */
export function tellHooks({ host, log }: HoldfastWindow): vscode.Disposable {
  const { home } = host.workspace;
  const tell = (isChanged: (name: string) => boolean): void => {
    const settings = vscode.workspace.getConfiguration('holdfast');
    const isKnown = (name: string): boolean =>
      settings.inspect(name)?.globalValue !== undefined || isChanged(name);
    try {
      if (isKnown(WAKE)) setMark(home, 'wake', settings.get(WAKE) === true);
      if (isKnown(GUARD)) setMark(home, 'no-mirror', settings.get(GUARD) === false);
    } catch (error) {
      log.warn('claude.hooksNotTold', { error });
    }
  };
  tell(() => false);
  return vscode.workspace.onDidChangeConfiguration((event) => {
    tell((name) => event.affectsConfiguration(`holdfast.${name}`));
  });
}
