import { describeFile } from '../../sessions/describeFile.ts';
import type { MessagePart } from '../../sessions/journalLines.ts';
import { describeToolError } from '../tools/toolError.ts';
import type { AgentTool } from '../tools/tool.ts';
import type { Conversation } from './conversation.ts';
import { fitHistory } from './fitHistory.ts';
import type { ConversationModel, ModelTool } from './model.ts';
import { INTERRUPTED } from './pairing.ts';
import { streamAnswer, type Answer, type WantedCall } from './streamAnswer.ts';
import type { TurnOutcome } from './turnOutcome.ts';

export type { TurnOutcome };

const DEFAULT_MAX_ROUNDS = 50;
const NOT_RUN = 'Not run: the user stopped before it was its turn.';
const CUT_OFF = 'Your answer above broke off. Go on from there.';
const CARRY_ON = 'Go on with what you were doing.';

/** What the user gives along with a prompt. */
export interface Attachment {
  readonly name: string;
  readonly text: string;
  /** Of the file that it is from. */
  readonly path?: string;
  /** Whether it is all of that file, as it is on the disk. */
  readonly isWhole?: boolean;
}

/** What came of a call. */
export interface CallOutcome {
  readonly output: string;
  readonly isError: boolean;
  /** Of a file that was changed. */
  readonly diff?: string;
  readonly files?: readonly string[];
  /** The background task that it is about. */
  readonly task?: string;
  /** The user wants no more of this turn. */
  readonly stop?: boolean;
}

/** What happens in a turn, for the screen. */
export type TurnPart =
  | { readonly type: 'text' | 'thinking'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: WantedCall }
  | { readonly type: 'tool-result'; readonly call: WantedCall; readonly outcome: CallOutcome }
  | { readonly type: 'summarising' }
  | { readonly type: 'summarised'; readonly messages: number };

export interface TurnRequest {
  readonly conversation: Conversation;
  readonly model: ConversationModel;
  readonly system: string;
  /** Nothing: go on after a failure, a crash, or too many rounds. */
  readonly prompt?: string;
  readonly attachments?: readonly Attachment[];
  readonly tools: readonly Pick<AgentTool, 'name' | 'description' | 'inputSchema'>[];
  readonly callTool: (call: WantedCall, signal: AbortSignal) => Promise<CallOutcome>;
  readonly signal: AbortSignal;
  /** How many answers with calls there may be until the user is asked. */
  readonly maxRounds?: number;
  readonly onPart: (part: TurnPart) => void;
}

/**
 * One turn of a conversation: the user says something, the model answers and calls tools until it is done. Each step is
 * in the journal before the next one begins, so that whatever ends this process, the conversation goes on from there.
 * @throws HoldfastError when the journal cannot be written: `session.notFound`, `disk.full`, `home.notWritable`.
 */
export async function runTurn(request: TurnRequest): Promise<TurnOutcome> {
  const { conversation, signal, maxRounds = DEFAULT_MAX_ROUNDS } = request;
  conversation.history.refresh();
  conversation.closeOpenCalls();
  conversation.noteAgent(request.model.name);
  sayPrompt(request);
  const tools = request.tools.map(({ name, description, inputSchema }): ModelTool => ({
    name,
    description,
    inputSchema,
  }));
  for (let round = 1; ; round += 1) {
    const answer = await answerOnce(request, tools);
    if (answer.kind !== 'answered') return outcomeOf(answer);
    const { calls, reason } = answer;
    if (calls.length === 0) return { kind: finalKinds[reason] };
    const isStopped = await makeCalls(request, calls);
    if (signal.aborted) return { kind: 'cancelled' };
    if (isStopped) return { kind: 'stopped' };
    if (round >= maxRounds) return { kind: 'roundsExhausted', rounds: round };
  }
}

const finalKinds = { complete: 'completed', length: 'cutOff', refused: 'refused' } as const;

/** One answer; when the model says that it got too much, once more with less. */
async function answerOnce(
  { conversation, model, system, signal, onPart }: TurnRequest,
  tools: readonly ModelTool[],
): Promise<Answer> {
  for (let wasTooLong = false; ; wasTooLong = true) {
    const fitted = await fitHistory({
      conversation,
      model,
      system,
      tools,
      signal,
      wasTooLong,
      onSummarising: () => {
        onPart({ type: 'summarising' });
      },
      onSummarised: (messages) => {
        onPart({ type: 'summarised', messages });
      },
    });
    if (fitted.kind === 'failed') return { ...fitted, hasBegun: false };
    if (fitted.kind === 'cancelled') return fitted;
    const { messages } = fitted;
    const answer = await streamAnswer(
      conversation,
      model,
      { system, messages, tools, signal },
      onPart,
    );
    const isRetried =
      answer.kind === 'failed' && answer.failure.kind === 'tooLong' && !answer.hasBegun;
    if (!isRetried || wasTooLong) return answer;
  }
}

function outcomeOf(answer: Exclude<Answer, { kind: 'answered' }>): TurnOutcome {
  if (answer.kind === 'cancelled') return { kind: 'cancelled' };
  const { failure } = answer;
  return failure.kind === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', failure };
}

function sayPrompt({ conversation, prompt = '', attachments = [] }: TurnRequest): void {
  if (prompt.trim() === '' && attachments.length === 0) {
    const last = conversation.history.entries.at(-1);
    // A model is asked by a user's message.
    if (last === undefined || last.role === 'assistant') {
      conversation.note(last === undefined ? CARRY_ON : CUT_OFF);
    }
    return;
  }
  const parts: MessagePart[] = [
    ...(prompt.trim() === '' ? [] : [{ type: 'text', text: prompt }]),
    ...attachments.map(({ name, text }) => ({
      type: 'text',
      text: `<attachment name=${JSON.stringify(name)}>\n${text}\n</attachment>`,
      attachment: name,
    })),
  ];
  conversation.say({ role: 'user', parts });
  for (const { path, isWhole } of attachments) {
    if (path === undefined) continue;
    const { hash, ...description } = describeFile(path) ?? {};
    const seen = isWhole === true && hash !== undefined ? { hash } : {};
    conversation.append({ type: 'file', path, how: 'read', by: 'agent', ...description, ...seen });
  }
}

/** Makes the calls one after another; says whether the user wants no more. */
async function makeCalls(request: TurnRequest, calls: readonly WantedCall[]): Promise<boolean> {
  const { signal, onPart } = request;
  let isStopped = false;
  for (const call of calls) {
    let outcome: CallOutcome = { output: NOT_RUN, isError: true };
    if (!signal.aborted && !isStopped) {
      onPart({ type: 'tool-call', call });
      outcome = await makeCall(request, call);
      isStopped = outcome.stop === true;
    }
    sayResult(request.conversation, call, outcome);
    onPart({ type: 'tool-result', call, outcome });
  }
  return isStopped;
}

async function makeCall(
  { conversation, callTool, signal }: TurnRequest,
  call: WantedCall,
): Promise<CallOutcome> {
  try {
    return await callTool(call, signal);
  } catch (error) {
    if (signal.aborted) return { output: INTERRUPTED, isError: true };
    conversation.host.log.warn('chat.toolFailed', { tool: call.name, error });
    return { output: describeToolError(error), isError: true };
  }
}

function sayResult(conversation: Conversation, { id }: WantedCall, outcome: CallOutcome): void {
  const { output, isError, diff, files, task } = outcome;
  const details = {
    ...(diff !== undefined && diff !== '' && { diff }),
    ...(files !== undefined && { files }),
    ...(task !== undefined && { task }),
  };
  const part = { type: 'tool-result', id, output, ...(isError && { isError }), ...details };
  conversation.say({ role: 'tool', parts: [part] });
}
