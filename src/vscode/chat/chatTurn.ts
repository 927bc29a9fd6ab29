import * as vscode from 'vscode';
import { runTurn, type TurnPart } from '../../core/agents/conversation/runTurn.ts';
import { describeOutcome, type TurnOutcome } from '../../core/agents/conversation/turnOutcome.ts';
import type { WorkingSession } from '../tools/workingSession.ts';
import { callTool } from './callTool.ts';
import { chatModel } from './chatModel.ts';
import type { Chat, ChatFollowup, ChatMetadata } from './chatRequest.ts';
import { attachmentsOf } from './references.ts';
import { plain, reply } from './reply.ts';
import { systemPrompt } from './systemPrompt.ts';

const GO_ON: ChatFollowup = { label: 'Go on', prompt: '', command: 'continue' };

/** Hands what the user says to the model and shows what it does, until it is done. Nothing said: it goes on. */
export async function chatTurn(
  chat: Chat,
  session: WorkingSession,
  prompt: string,
): Promise<ChatMetadata> {
  const { request, token, stream, chats, sessions } = chat;
  const aborter = new AbortController();
  const cancelling = token.onCancellationRequested(() => {
    aborter.abort();
  });
  const screen = new TurnScreen(stream);
  try {
    const turn = async () =>
      runTurn({
        conversation: session.conversation,
        model: chatModel(request.model),
        system: systemPrompt(session),
        prompt,
        attachments: await attachmentsOf(request.references, session.agent.root),
        tools: session.tools,
        callTool: (call) => callTool(chat, session, call),
        signal: aborter.signal,
        onPart: (part) => {
          screen.show(part);
        },
      });
    const isStopped = () => token.isCancellationRequested;
    const outcome = await chats.during(session.id, turn, isStopped);
    sessions.feed.refresh();
    for (const file of screen.changedFiles) stream.reference(vscode.Uri.file(file));
    tellOutcome(stream, outcome);
    return {
      sessionId: session.id,
      outcome: outcome.kind,
      followups: followupsOf(chat, session, outcome),
    };
  } finally {
    cancelling.dispose();
  }
}

/** Shows what happens in a turn. */
class TurnScreen {
  readonly #stream: vscode.ChatResponseStream;
  /** Something was done since the model last spoke. */
  #hasActed = false;
  readonly changedFiles = new Set<string>();

  constructor(stream: vscode.ChatResponseStream) {
    this.#stream = stream;
  }

  show(part: TurnPart): void {
    switch (part.type) {
      case 'text':
        // The editor shows no call that was refused at once, and would join the texts around it.
        if (this.#hasActed) this.#stream.markdown('\n\n');
        this.#hasActed = false;
        // The model's own words: nothing in them may call a command.
        this.#stream.markdown(part.text);
        return;
      case 'thinking':
        this.#stream.progress('Thinking…');
        return;
      case 'summarising':
        this.#stream.progress('Summarising what was said before…');
        return;
      case 'summarised':
        this.#stream.progress(
          `Summarised ${part.messages} messages; the full text stays in the session.`,
        );
        return;
      case 'tool-call':
        this.#hasActed = true;
        return;
      case 'tool-result':
        this.#showResult(part);
    }
  }

  #showResult({ call, outcome }: Extract<TurnPart, { type: 'tool-result' }>): void {
    if (!outcome.isError && outcome.diff !== undefined) {
      for (const file of outcome.files ?? []) this.changedFiles.add(file);
    }
    const { task } = outcome;
    if (task === undefined || call.name !== 'bash') return;
    this.#stream.button({
      command: 'holdfast.tasks.showOutput',
      title: `Show Output of ${task}`,
      arguments: [task],
    });
  }
}

function tellOutcome(stream: vscode.ChatResponseStream, outcome: TurnOutcome): void {
  const words = describeOutcome(outcome);
  if (words === undefined || outcome.kind === 'cancelled') return;
  const icon = outcome.kind === 'failed' ? 'error' : 'debug-pause';
  stream.markdown(reply(`\n\n$(${icon}) **${plain(words.message)}** ${words.next}`));
  if (outcome.kind !== 'failed') return;
  if (outcome.failure.kind === 'auth' || outcome.failure.kind === 'unavailable') {
    stream.button({ command: 'holdfast.model.setUp', title: 'Set Up a Model…' });
  }
}

function followupsOf(
  { sessions }: Chat,
  { id }: WorkingSession,
  { kind }: TurnOutcome,
): readonly ChatFollowup[] {
  if (kind !== 'completed') return kind === 'refused' ? [] : [GO_ON];
  const running = sessions.window.feed.tasks.filter(
    ({ status, session }) => status === 'running' && session === id,
  );
  return running.slice(-2).map(({ id: task }) => ({
    label: `What is new in ${task}?`,
    prompt: task,
    command: 'output',
  }));
}
