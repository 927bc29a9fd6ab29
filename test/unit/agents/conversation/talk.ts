import {
  openConversation,
  type Conversation,
} from '../../../../src/core/agents/conversation/conversation.ts';
import type { ConversationModel } from '../../../../src/core/agents/conversation/model.ts';
import {
  runTurn,
  type TurnPart,
  type TurnRequest,
} from '../../../../src/core/agents/conversation/runTurn.ts';
import type { TurnOutcome } from '../../../../src/core/agents/conversation/turnOutcome.ts';
import { createSession } from '../../../../src/core/sessions/createSession.ts';
import { Journal } from '../../../../src/core/sessions/journal.ts';
import { SessionStore } from '../../../../src/core/sessions/sessionStore.ts';
import type { TaskHost } from '../../../../src/core/tasks/taskHost.ts';
import { createTaskHost, type TaskHostOptions } from '../../../support/taskHost.ts';
import type { Cleanup } from '../../../support/tempDir.ts';

export interface Talk {
  readonly host: TaskHost;
  readonly store: SessionStore;
  readonly conversation: Conversation;
  readonly parts: TurnPart[];
  turn(
    model: ConversationModel,
    prompt?: string,
    options?: Partial<TurnRequest>,
  ): Promise<TurnOutcome>;
  /** The same session as another process would open it. */
  reopen(): Conversation;
}

export async function startTalk(test: Cleanup, options: TaskHostOptions = {}): Promise<Talk> {
  const host = await createTaskHost(test, options);
  createSession(host, { id: 'talk' });
  const store = new SessionStore(host);
  const open = (): Conversation =>
    openConversation({ host, store, journal: new Journal(host, 'talk'), reader: 'chat' });
  const conversation = open();
  const parts: TurnPart[] = [];
  return {
    host,
    store,
    conversation,
    parts,
    turn: (model, prompt, more = {}) =>
      runTurn({
        conversation,
        model,
        system: 'You are a test.',
        ...(prompt !== undefined && { prompt }),
        tools: [],
        callTool: (wanted) => Promise.resolve({ output: `did ${wanted.name}`, isError: false }),
        signal: new AbortController().signal,
        onPart: (part) => void parts.push(part),
        ...more,
      }),
    reopen: open,
  };
}
