import { HoldfastError } from '../../common/errors.ts';
import { cursorOf } from '../../sessions/sessionOutput.ts';
import { SessionStore } from '../../sessions/sessionStore.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../tasks/types.ts';

/** The reader by which our MCP server keeps Claude Code's place in an output. */
const READER = 'mcp.claude-code';

/** How far Claude has read each task's output, in bytes. */
export function cursorsOf(
  host: TaskHost,
  session: string | undefined,
): (task: TaskSnapshot) => number {
  if (session === undefined) return () => 0;
  try {
    const { state } = new SessionStore(host).fold(session);
    return (task) => cursorOf(state, task.id, READER);
  } catch (error) {
    // A journal that cannot be read only costs the count of lines.
    if (!HoldfastError.is(error)) throw error;
    return () => 0;
  }
}
