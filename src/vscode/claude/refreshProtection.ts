import { settingsFilesOf } from '../../core/agents/claude-code/holdfastParts.ts';
import { refreshParts } from '../../core/agents/claude-code/installParts.ts';
import { readProtection } from '../../core/agents/claude-code/protect.ts';
import type { LauncherTarget } from '../../core/store/launcher.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';

/**
 * Keeps the programs that Claude Code's settings name up to date. Where they are gone while the settings name them, as
 * in a container that was built anew, Claude Code could start nothing: they are put back.
 */
export function refreshProtection({ host, log }: HoldfastWindow, target: LauncherTarget): void {
  const { workspace, environment, scriptsDirectory } = host;
  const { home, folder } = workspace;
  try {
    refreshParts(home, scriptsDirectory, target, () =>
      (['workspace', 'user'] as const).some((scope) => {
        return readProtection(home, settingsFilesOf(scope, folder, environment)).isProtected;
      }),
    );
  } catch (error) {
    log.warn('claude.partsNotRefreshed', { error });
  }
}
