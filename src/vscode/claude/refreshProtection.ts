import { refreshParts } from '../../core/agents/claude-code/installParts.ts';
import { readProtection } from '../../core/agents/claude-code/protect.ts';
import type { LauncherTarget } from '../../core/store/launcher.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { filesOfFolders, filesOfUser } from './protectedFolders.ts';

/**
 * Keeps the programs that Claude Code's settings name up to date. Where they are gone while the settings name them, as
 * in a container that was built anew, Claude Code could start nothing: they are put back.
 */
export function refreshProtection({ host, log }: HoldfastWindow, target: LauncherTarget): void {
  const { home } = host.workspace;
  try {
    refreshParts(home, host.scriptsDirectory, target, () =>
      [...filesOfFolders(host).map(({ files }) => files), filesOfUser(host)].some((files) => {
        return readProtection(home, files).isProtected;
      }),
    );
  } catch (error) {
    log.warn('claude.partsNotRefreshed', { error });
  }
}
