import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { journalTask } from '../../core/sessions/sessionTasks.ts';
import { ensureWorkspace } from '../../core/store/workspace.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { conversationHost, conversationSession } from '../claude/conversationHost.ts';
import { answerConversationEvent, isConversationEvent } from '../claude/conversationEvents.ts';
import {
  startBackground,
  takeBackgroundCall,
} from '../../core/agents/claude-code/startBackground.ts';
import { mirrorTranscript } from '../../core/agents/claude-code/transcripts/mirrorTranscript.ts';
import { addCommand } from '../program.ts';
import { tell, writeLine } from '../stdio.ts';

export function define(program: Command): void {
  addCommand(program, 'hook', {
    summary: 'answer a hook of Claude Code (its settings call this)',
    details:
      'EVENT is the name of a hook; the event itself comes as JSON on stdin. An event that needs no answer gets none. "background" is what the shell prefix calls to start a background command as a task, "mirror" copies what is new of a transcript, "open-tasks" and "ended-tasks" say which ends Claude has to be told of.',
    example: 'holdfast hook SessionStart < event.json',
  })
    .argument('<event>', 'SessionStart, …, background, mirror, open-tasks or ended-tasks')
    .argument(
      '[words...]',
      'with background: note, shell, task and line of a command; with mirror: the transcript',
    )
    .passThroughOptions()
    .action(answer);
}

async function answer(event: string, words: string[]): Promise<void> {
  if (event === 'background') await startInBackground(words);
  else if (event === 'mirror') await mirrorTranscript(words[0] ?? '', process.env);
  else if (isConversationEvent(event)) await answerConversationEvent(event);
}

/** Answers in lines, which a shell script reads: started, directory, pid, where our scripts are. */
async function startInBackground(words: readonly string[]): Promise<void> {
  const [note = '', shell = '', claudeTask, ...line] = words;
  const { call, projectDirectory } = takeBackgroundCall(note);
  const host = conversationHost(projectDirectory ?? call.cwd);
  ensureWorkspace(host.workspace, host.clock.now());
  const session = conversationSession(host, call.session_id, call.cwd);
  const task = await startBackground(host, {
    call,
    shell,
    line: line.join(' '),
    claudeTask: claudeTask || undefined,
    session,
  });
  const { directory, pid } = task;
  await writeLine(['started', directory, String(pid ?? ''), host.scriptsDirectory].join('\n'));
  if (session !== undefined) noteTask(host, session, task);
}

function noteTask(host: TaskHost, session: string, task: TaskSnapshot): void {
  try {
    journalTask(host, session, task);
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    tell(`the session could not be told of ${task.id}: ${error.message}`);
  }
}
