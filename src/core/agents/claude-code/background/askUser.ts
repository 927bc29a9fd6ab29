import { existsSync, watch, type FSWatcher } from 'node:fs';
import type { Disposable } from '../../../common/disposables.ts';
import type { PermissionGate } from '../../conversation/permissionGate.ts';
import { describeTool } from '../transcripts/describeTool.ts';
import { judgeQuery } from './judgeQuery.ts';
import {
  readAnswer,
  withdrawAll,
  withdrawQuestion,
  writeQuestion,
  type AgentAnswer,
} from './questions.ts';
import { questionId, type PermissionQuery } from './streamLine.ts';

/** A watch on the directory finds an answer sooner, where the file system has one. */
const LOOK_EVERY_MS = 500;

/** What is said about a question, and how it came to that. */
export interface Verdict {
  readonly isAllowed: boolean;
  /** What the agent is told of a denial. */
  readonly message: string;
  readonly choices?: Readonly<Record<string, string>> | undefined;
  /** For the log: "by you", "by the rule Bash(npm test)". */
  readonly words: string;
}

export interface AskUserOptions {
  /** `questions` in the task's directory. */
  readonly directory: string;
  readonly gate: Pick<PermissionGate, 'judge'>;
  readonly nowMs: () => number;
  readonly onWaiting: (about: string) => void;
  readonly onVerdict: (query: PermissionQuery, verdict: Verdict) => void;
}

/**
 * Answers an agent's questions: by the rules that the user has saved, else by whoever writes the answer, in whatever
 * face of ours and whenever. A question waits for ever; the agent's end withdraws it.
 */
export class AskUser implements Disposable {
  readonly #options: AskUserOptions;
  /** By the id of the question. */
  readonly #open = new Map<string, PermissionQuery>();
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;

  constructor(options: AskUserOptions) {
    this.#options = options;
    withdrawAll(options.directory);
  }

  async ask(query: PermissionQuery): Promise<void> {
    const { gate, directory, nowMs, onWaiting } = this.#options;
    const ruled = await judgeQuery(gate, query);
    if (ruled.decision !== 'ask') {
      this.#options.onVerdict(query, byRule(ruled.decision, ruled.reason));
      return;
    }
    const id = questionId(query.requestId);
    const about = describeTool({ id, name: query.tool, input: query.input });
    this.#open.set(id, query);
    writeQuestion(directory, {
      v: 1,
      id,
      askedAt: new Date(nowMs()).toISOString(),
      tool: query.tool,
      input: { ...query.input },
      about,
      ...(ruled.reason === '' ? {} : { reason: ruled.reason }),
      offers: [...ruled.offers],
    });
    this.#watch();
    onWaiting(about);
  }

  /** The agent does not want to know any more. */
  cancel(requestId: string): void {
    for (const [id, query] of this.#open) if (query.requestId === requestId) this.#close(id);
  }

  dispose(): void {
    this.#open.clear();
    this.#rest();
    withdrawAll(this.#options.directory);
  }

  #watch(): void {
    this.#timer ??= setInterval(() => {
      this.#look();
    }, LOOK_EVERY_MS);
    if (this.#watcher !== undefined) return;
    try {
      this.#watcher = watch(this.#options.directory, () => {
        this.#look();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // The timer finds every answer all the same.
    }
  }

  #look(): void {
    const { directory, onVerdict } = this.#options;
    let isAnswered = false;
    for (const [id, query] of this.#open) {
      const answer = readAnswer(directory, id);
      if (answer === undefined) continue;
      isAnswered = true;
      this.#close(id);
      onVerdict(query, byPerson(answer));
    }
    if (isAnswered) void this.#judgeAgain();
  }

  /** An answer for good may have answered others, too. */
  async #judgeAgain(): Promise<void> {
    for (const [id, query] of [...this.#open]) {
      const { decision, reason } = await judgeQuery(this.#options.gate, query);
      if (decision === 'ask' || !this.#open.has(id)) continue;
      this.#close(id);
      this.#options.onVerdict(query, byRule(decision, reason));
    }
  }

  #close(id: string): void {
    this.#open.delete(id);
    if (existsSync(this.#options.directory)) withdrawQuestion(this.#options.directory, id);
    if (this.#open.size === 0) this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}

function byRule(decision: 'allow' | 'deny', reason: string): Verdict {
  const isAllowed = decision === 'allow';
  return { isAllowed, message: `A rule of the user says no: ${reason}`, words: reason };
}

function byPerson({ decision, message, choices }: AgentAnswer): Verdict {
  return {
    isAllowed: decision === 'allow',
    message: message ?? 'The user does not want this. Go on without it, or stop.',
    choices,
    words: `by you${message === undefined ? '' : `: ${message}`}`,
  };
}
