import {
  openQuestions,
  type AgentQuestion,
} from '../../core/agents/claude-code/background/questions.ts';
import type { Disposable } from '../../core/common/disposables.ts';
import { Emitter, type Event } from '../../core/common/emitter.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';

/** What an agent waits for. */
export interface WaitingQuestion {
  readonly task: TaskSnapshot;
  readonly question: AgentQuestion;
}

/** Everything that the workspace's agents wait for, wherever they were started. The window disposes it. */
export class AgentQuestions implements Disposable {
  readonly #window: HoldfastWindow;
  readonly #changes = new Emitter<readonly WaitingQuestion[]>();
  readonly #subscription: Disposable;
  #waiting: readonly WaitingQuestion[] = [];

  readonly onDidChange: Event<readonly WaitingQuestion[]> = this.#changes.event;

  constructor(window: HoldfastWindow) {
    this.#window = window;
    // An agent says in its output that it waits, and that it has been answered: so the feed tells both.
    this.#subscription = window.feed.onDidChange(() => {
      this.refresh();
    });
    this.refresh();
  }

  get waiting(): readonly WaitingQuestion[] {
    return this.#waiting;
  }

  refresh(): void {
    const now = this.#window.feed.tasks.flatMap((task) =>
      openQuestions(task).map((question) => ({ task, question })),
    );
    const isSame = keyOf(now) === keyOf(this.#waiting);
    this.#waiting = now;
    if (!isSame) this.#changes.fire(now);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function keyOf(waiting: readonly WaitingQuestion[]): string {
  return waiting.map(({ task, question }) => `${task.id}/${question.id}`).join();
}
