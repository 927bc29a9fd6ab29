import { readFileSync } from 'node:fs';
import { newsAtSessionStart } from '../../core/agents/claude-code/atSessionStart.ts';
import {
  additionalContext,
  parseHookInput,
  sessionStartSchema,
  type SessionStart,
} from '../../core/agents/claude-code/hookInput.ts';
import { newsOfEnds, tasksToWaitFor } from '../../core/agents/claude-code/wake.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { conversationHost, conversationSession } from './conversationHost.ts';

/** What claude-hook.sh asks about a conversation, and what is written in answer. */
const answers: Readonly<Record<string, (host: TaskHost, event: SessionStart) => Promise<void>>> = {
  /** The answer to Claude Code's own event: what Claude should know. */
  SessionStart: async (host, event) => {
    const text = newsAtSessionStart(host, event, sessionOf(host, event));
    if (text !== undefined) await writeJson(additionalContext(text));
  },
  /** Lines: the directories of the tasks whose end is to wake Claude. */
  'open-tasks': async (host, event) => {
    const directories = tasksToWaitFor(host, event);
    if (directories.length > 0) await writeLine(directories.join('\n'));
  },
  /** What it is woken with. */
  'ended-tasks': async (host, event) => {
    const text = newsOfEnds(host, event, () => sessionOf(host, event));
    if (text !== undefined) await writeLine(text);
  },
};

export function isConversationEvent(name: string): boolean {
  return Object.hasOwn(answers, name);
}

/**
 * Answers a hook that is about a conversation: the event comes on stdin.
 * @throws HoldfastError `input.invalid`, and what reading and writing the store throws.
 */
export async function answerConversationEvent(name: string): Promise<void> {
  // At once: a stream of it would take longer than what is done with it.
  const event = parseHookInput(readFileSync(0, 'utf8'), sessionStartSchema);
  if (event === undefined) {
    throw new HoldfastError('input.invalid', 'stdin has no event of Claude Code');
  }
  const host = conversationHost(process.env['CLAUDE_PROJECT_DIR'] ?? event.cwd);
  await answers[name]?.(host, event);
}

function sessionOf(host: TaskHost, event: SessionStart): string | undefined {
  return conversationSession(host, event.session_id, event.cwd);
}
