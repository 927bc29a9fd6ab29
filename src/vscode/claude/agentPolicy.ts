import type { Disposable } from '../../core/common/disposables.ts';
import {
  PERSISTED_NOTICE,
  persistsClaudeSessions,
} from '../../core/agents/claude-code/background/persistence.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskPolicy } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { policyOf, type Settings } from '../settings.ts';

/** Whether agents go on when the editor stops: by the environment, the folder's `.env`, the setting, in this order. */
export function isPersisting({ environment, workspace }: TaskHost, settings: Settings): boolean {
  return persistsClaudeSessions(environment, workspace.folder) ?? settings.persistSessions;
}

/** The policy of an agent that is started now. What the setting for tasks says of a shutdown is about tasks. */
export function agentPolicyOf(host: TaskHost, settings: Settings): TaskPolicy {
  const shutdown = isPersisting(host, settings) ? 'keep' : 'terminate';
  return { ...policyOf(settings), shutdown };
}

/** Says in the log that agents go on, once it is known of this window that they do. */
export function logPersistence(window: HoldfastWindow, readSettings: () => Settings): Disposable {
  const timer = setTimeout(() => {
    if (isPersisting(window.host, readSettings())) window.log.info(PERSISTED_NOTICE);
  }, 0);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
}
