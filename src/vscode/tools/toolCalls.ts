import * as vscode from 'vscode';
import { INTERRUPTED } from '../../core/agents/conversation/pairing.ts';
import type { CallOutcome } from '../../core/agents/conversation/runTurn.ts';
import {
  denialByRule,
  denialByUser,
  outcomeOf,
} from '../../core/agents/conversation/toolCaller.ts';
import { describeToolError } from '../../core/agents/tools/toolError.ts';
import type { AgentTool } from '../../core/agents/tools/tool.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { requireTrust } from '../windowFolder.ts';
import { AskedCalls } from './askedCalls.ts';
import { askInDialog, confirmationFor } from './confirmation.ts';
import { tellGoesOn } from './goesOn.ts';
import type { WorkingSession } from './workingSession.ts';
import type { WorkingSessions } from './workingSessions.ts';

/** How a call comes to us. */
export interface CallRoute {
  /** Through the tool that our own chat has its questions asked by. */
  readonly isAskedEachTime?: boolean;
}

interface OwnCall {
  readonly session: WorkingSession;
  readonly begin: () => void;
  readonly resolve: (outcome: CallOutcome) => void;
}

/** A call that is about to be made through the editor. */
export interface ExpectedCall {
  readonly outcome: Promise<CallOutcome>;
  /** Whether the editor has called the tool: then there will be an outcome. */
  readonly hasBegun: () => boolean;
  readonly dispose: () => void;
}

/** Makes the calls of agents, ours and others: judges them, has the user asked by the editor, and runs the tools. */
export class ToolCalls {
  readonly #working: WorkingSessions;
  readonly #asked = new AskedCalls();
  /** By tool and input: calls of our own chat, which names its session and wants more of the outcome than the editor hands on. */
  readonly #own = new Map<string, OwnCall>();

  constructor(working: WorkingSessions) {
    this.#working = working;
  }

  /**
   * What the editor is to ask the user before it makes a call. What has to be asked each time it does not ask, as it can
   * be told not to; we do, in {@link invoke}.
   */
  async prepare(
    name: string,
    input: object,
    route: CallRoute = {},
  ): Promise<vscode.PreparedToolInvocation> {
    const invocationMessage = messageFor(name, input);
    const key = askedKey(name, input, route);
    // Nobody tells us of a call that the user has declined: the answer to this one is still to come.
    this.#asked.forget(key);
    try {
      const session = this.#sessionOf(name, input);
      toolOf(session, name).check(input);
      const judgement = await session.gate.judge(name, input);
      const isOurs = judgement.offers.length === 0 && route.isAskedEachTime !== true;
      if (judgement.decision !== 'ask' || isOurs) return { invocationMessage };
      this.#asked.remember(key, { session, judgement });
      return {
        invocationMessage,
        confirmationMessages: confirmationFor(name, input, judgement, key),
      };
    } catch (error) {
      // The call itself says what is wrong, to the model.
      if (HoldfastError.is(error)) return { invocationMessage };
      throw error;
    }
  }

  /** @throws what went wrong, in words for a model. */
  async invoke(
    name: string,
    input: object,
    token: vscode.CancellationToken,
    route: CallRoute = {},
  ): Promise<vscode.LanguageModelToolResult> {
    const own = this.#own.get(keyOf(name, input));
    own?.begin();
    const outcome = await this.#run(name, input, token, route);
    own?.resolve(outcome);
    if (outcome.isError) throw new Error(outcome.output);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(outcome.output)]);
  }

  /** Says that the next such call is made in this session, and gives its whole outcome, if it is made at all. */
  expect(session: WorkingSession, name: string, input: object): ExpectedCall {
    const key = keyOf(name, input);
    let hasBegun = false;
    const outcome = new Promise<CallOutcome>((resolve) => {
      const begin = (): void => {
        hasBegun = true;
      };
      this.#own.set(key, { session, begin, resolve });
    });
    return {
      outcome,
      hasBegun: () => hasBegun,
      dispose: () => {
        this.#own.delete(key);
        // One that the user has declined is never made, and what was asked must not stand for another agent's call.
        this.#asked.forget(askedKey(name, input));
        this.#asked.forget(askedKey(name, input, { isAskedEachTime: true }));
      },
    };
  }

  /** Keeps what the user has chosen in a question; undefined when that is not open any more. */
  allow(key: string, kind: 'session' | 'always'): readonly string[] | undefined {
    const asked = this.#asked.get(key);
    asked?.session.gate.keep(asked.judgement, { kind });
    return asked?.judgement.offers;
  }

  async #run(
    name: string,
    input: object,
    token: vscode.CancellationToken,
    route: CallRoute,
  ): Promise<CallOutcome> {
    try {
      requireTrust();
      const session = this.#sessionOf(name, input);
      const tool = toolOf(session, name);
      tool.check(input);
      const judgement = await session.gate.judge(name, input);
      const wasAsked = this.#asked.take(askedKey(name, input, route), judgement);
      if (judgement.decision === 'deny') return failed(denialByRule(judgement));
      if (judgement.decision === 'ask' && !wasAsked && !(await askInDialog(name, judgement))) {
        return denialByUser({ kind: 'deny' });
      }
      session.gate.keep(judgement, { kind: 'once' });
      return await this.#runTool(
        session,
        tool,
        { input, approvedPaths: judgement.approvedPaths },
        token,
      );
    } catch (error) {
      if (!HoldfastError.is(error)) {
        if (token.isCancellationRequested) return failed(INTERRUPTED);
        this.#working.sessions.window.log.warn('tool.failed', { tool: name, error });
      }
      return failed(describeToolError(error));
    }
  }

  /** What a cancelled command does must not be lost: it goes on, and the user says what becomes of it. */
  async #runTool(
    { agent }: WorkingSession,
    tool: AgentTool,
    { input, approvedPaths }: { input: object; approvedPaths: readonly string[] },
    token: vscode.CancellationToken,
  ): Promise<CallOutcome> {
    const leaving = new AbortController();
    const aborting = new AbortController();
    const cancelling = token.onCancellationRequested(() => {
      if (tool.name === 'bash') leaving.abort();
      else aborting.abort();
    });
    try {
      const call = { signal: aborting.signal, leave: leaving.signal, approvedPaths };
      const outcome = outcomeOf(await tool.run(agent, input, call));
      if (leaving.signal.aborted && outcome.task !== undefined) {
        tellGoesOn(this.#working.sessions.window, outcome.task);
      }
      return outcome;
    } finally {
      cancelling.dispose();
      this.#working.sessions.window.feed.refresh();
    }
  }

  /** Other agents work in the window's current session. */
  #sessionOf(name: string, input: object): WorkingSession {
    return this.#own.get(keyOf(name, input))?.session ?? this.#working.current('Agent at work');
  }
}

function toolOf({ tools }: WorkingSession, name: string): AgentTool {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) throw new HoldfastError('input.invalid', `there is no tool ${name}`);
  return tool;
}

function keyOf(name: string, input: object): string {
  return `${name} ${JSON.stringify(input)}`;
}

/** The answer to a question of our own chat is for a call of our own chat. */
function askedKey(
  name: string,
  input: object,
  { isAskedEachTime = false }: CallRoute = {},
): string {
  return `${isAskedEachTime ? 'own ' : ''}${keyOf(name, input)}`;
}

function failed(output: string): CallOutcome {
  return { output, isError: true };
}

/** What the editor shows while, and after, a tool works. */
function messageFor(name: string, input: object): vscode.MarkdownString {
  const [verb, field] = verbs[name] ?? [name, undefined];
  const value: unknown = field === undefined ? undefined : Reflect.get(input, field);
  const subject = Array.isArray(value) ? value.join(', ') : value;
  const text = typeof subject === 'string' ? oneLine(subject, 120).replaceAll('`', "'") : '';
  return new vscode.MarkdownString(text === '' ? verb : `${verb} \`${text}\``);
}

const verbs: Readonly<Record<string, readonly [string, string | undefined]>> = {
  bash: ['Run', 'command'],
  bash_output: ['Read the output of', 'bash_id'],
  kill_bash: ['End', 'bash_ids'],
  list_bashes: ['List background tasks', undefined],
  restart_bash: ['Run again', 'bash_id'],
  send_bash: ['Type into', 'bash_id'],
  read: ['Read', 'file_path'],
  write: ['Write', 'file_path'],
  edit: ['Change', 'file_path'],
  glob: ['Look for', 'pattern'],
  grep: ['Search for', 'pattern'],
};
