import { HoldfastError } from '../../core/common/errors.ts';
import { ensureHome, resolveHome } from '../../core/store/home.ts';
import { findWorkspace } from '../../core/store/workspace.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { sessionOfCall } from '../../core/agents/sessionOfCall.ts';
import { hostFor } from '../context.ts';
import { tell } from '../stdio.ts';

/** What a hook of Claude Code works on: the workspace of its project's directory. */
export function conversationHost(directory: string): TaskHost {
  const home = resolveHome(process.env);
  ensureHome(home);
  return { ...hostFor(findWorkspace(home, directory)), face: 'claude' };
}

/** The session that the tools of our MCP server take for this conversation, too. */
export function conversationSession(
  host: TaskHost,
  claudeSession: string,
  root: string,
): string | undefined {
  try {
    const environment = { ...host.environment, CLAUDE_CODE_SESSION_ID: claudeSession };
    return sessionOfCall({ ...host, environment }, root, undefined);
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    tell(`the conversation has no session here: ${error.message}`);
    return undefined;
  }
}
