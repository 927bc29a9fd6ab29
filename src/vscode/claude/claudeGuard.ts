import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  claudeDirectoryOf,
  projectsDirectory,
} from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import {
  claimTelling,
  listDamage,
  type Damage,
} from '../../core/agents/claude-code/transcripts/damage.ts';
import type { GuardHost } from '../../core/agents/claude-code/transcripts/guardHost.ts';
import { guardInThread } from '../../core/agents/claude-code/transcripts/guardInThread.ts';
import { longestSessionRetentionDays } from '../../core/store/workspaceSettings.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';

export function guardHostOf({ host, log }: HoldfastWindow): GuardHost {
  const claudeDirectory = claudeDirectoryOf(process.env);
  return { home: host.workspace.home, claudeDirectory, clock: host.clock, log };
}

/** Brings the list up to date in a thread of its own, and the copies where the user wants them. */
export async function runGuard(window: HoldfastWindow, settings: Settings): Promise<void> {
  const guard = guardHostOf(window);
  if (!existsSync(projectsDirectory(guard.claudeDirectory))) return;
  const script = path.join(window.host.scriptsDirectory, 'guard.cjs');
  const { home, claudeDirectory } = guard;
  const { guardTranscripts: isGuarding, sessionRetentionDays } = settings;
  // The copies are those of all folders, and another folder's settings may want them for longer.
  const retentionDays = Math.max(sessionRetentionDays, longestSessionRetentionDays(home));
  try {
    const { copied } = await guardInThread(script, {
      home,
      claudeDirectory,
      isGuarding,
      retentionDays,
    });
    if (copied > 0) window.log.debug('transcripts.guarded', { copied });
    if (isGuarding) tellNew(listDamage(home));
  } catch (error) {
    window.log.warn('transcripts.notGuarded', { error });
  }
}

/** One message for all that vanished since the last one, in one of all windows. */
function tellNew(damage: readonly Damage[]): void {
  const news = damage.filter((one) => !one.isTold && claimTelling(one));
  const [first] = news;
  if (first === undefined) return;
  const isCleanUp = news.every(({ kind, isRetention }) => kind === 'deleted' && isRetention);
  const what = news.length === 1 ? 'A Claude Code session' : `${news.length} Claude Code sessions`;
  const verb = isCleanUp ? "deleted by Claude Code's own clean-up" : 'deleted, cut or rewritten';
  const was = news.length === 1 ? 'was' : 'were';
  void vscode.window
    .showWarningMessage(`${what} ${was} ${verb}. Holdfast has kept a copy.`, 'Restore…')
    .then((chosen) => {
      if (chosen !== undefined) void vscode.commands.executeCommand('holdfast.claude.restore');
    });
}
