import { newsAtSessionStart } from '../../core/agents/claude-code/atSessionStart.ts';
import {
  additionalContext,
  parseHookInput,
  sessionStartSchema,
} from '../../core/agents/claude-code/hookInput.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { writeJson } from '../stdio.ts';
import { conversationHost, conversationSession } from './conversationHost.ts';

/** Answers the hook of that name: the event comes on stdin, and what Claude should know goes to stdout. */
export async function answerSessionStart(): Promise<void> {
  try {
    await tellNews(await readStdin());
  } catch (error) {
    const { reportFailure } = await import('../failure.ts');
    process.exitCode = reportFailure(error, false);
  }
}

async function tellNews(json: string): Promise<void> {
  const event = parseHookInput(json, sessionStartSchema);
  if (event === undefined) {
    throw new HoldfastError('input.invalid', 'stdin has no SessionStart event of Claude Code');
  }
  const host = conversationHost(process.env['CLAUDE_PROJECT_DIR'] ?? event.cwd);
  const session = conversationSession(host, event.session_id, event.cwd);
  const text = newsAtSessionStart(host, event, session);
  if (text !== undefined) await writeJson(additionalContext(text));
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
