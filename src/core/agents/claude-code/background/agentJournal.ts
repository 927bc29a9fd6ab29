import { statSync } from 'node:fs';
import { HoldfastError } from '../../../common/errors.ts';
import { describeFile } from '../../../sessions/describeFile.ts';
import { Journal } from '../../../sessions/journal.ts';
import type { SessionHost } from '../../../sessions/sessionHost.ts';
import { oneLine } from '../../../tasks/describeTask.ts';
import { detailsOf } from '../transcripts/foldTranscript.ts';
import { scanTranscript } from '../transcripts/scanTranscript.ts';
import { statTranscript } from '../transcripts/transcriptFiles.ts';
import type { TurnResult } from './streamLine.ts';

/** Longer ones would fill the context of whoever reads the session; the task's output has all of it. */
const MAX_TEXT_CHARACTERS = 20_000;

export interface JournalledAgent {
  /** `bash_N` */
  readonly task: string;
  /** The session of ours. */
  readonly session: string;
  /** As Claude Code calls its own. */
  readonly claudeSession: string;
}

/** Says in the session what an agent in the background was asked. */
export function noteAsked(host: SessionHost, agent: JournalledAgent, prompt: string): void {
  say(host, agent, `Claude Code was asked in the background (${agent.task}): ${cut(prompt)}`);
}

/** Says in the session what came of it, and which files it read and wrote. */
export function noteAnswered(
  host: SessionHost,
  agent: JournalledAgent,
  ended: {
    readonly exitCode: number;
    readonly result: TurnResult | undefined;
    readonly transcript: string;
  },
): void {
  const { result, exitCode, transcript } = ended;
  const how =
    result === undefined
      ? `ended before it was done (exit ${exitCode})`
      : result.isError
        ? `failed (${oneLine(result.subtype, 60)})`
        : 'is done';
  const text = result?.text === undefined ? '' : `:\n${cut(result.text)}`;
  say(host, agent, `Claude Code in the background (${agent.task}) ${how}${text}`);
  noteFiles(host, agent, transcript);
}

/** A message of nobody's in the conversation: what the user and whichever model talks there should know. */
function say(host: SessionHost, { session, claudeSession }: JournalledAgent, text: string): void {
  quietly(host, () => {
    new Journal(host, session).append({
      type: 'message',
      role: 'system',
      parts: [{ type: 'text', text }],
      claudeSession,
    });
  });
}

function noteFiles(host: SessionHost, { session }: JournalledAgent, transcript: string): void {
  quietly(host, () => {
    const file = statTranscript(transcript);
    if (file === undefined) return;
    const { files } = detailsOf(scanTranscript(file).state);
    const journal = new Journal(host, session);
    for (const how of ['read', 'modified', 'created'] as const) {
      for (const path of files[how]) {
        if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue;
        journal.append({ type: 'file', path, how, ...describeFile(path) });
      }
    }
  });
}

/** The agent's work is done whether or not it can be noted: the session may have been deleted. */
function quietly(host: SessionHost, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    host.log.warn('agent.notNoted', { code: error.code });
  }
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_CHARACTERS ? text : `${text.slice(0, MAX_TEXT_CHARACTERS)}…`;
}
