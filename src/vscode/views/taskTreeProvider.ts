import * as vscode from 'vscode';
import { createUsageMeter, type Usage } from '../../core/processes/usage.ts';
import { processesOf } from '../../core/tasks/killTask.ts';
import { lastOutputLine } from '../../core/tasks/lastOutputLine.ts';
import type { TaskFeed } from '../../core/tasks/taskFeed.ts';
import { sortTasks } from '../../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';
import { createTaskItem, describeRow } from './taskTreeItem.ts';
import { createTaskTooltip } from './taskTooltip.ts';

/** Processor time is a difference between two looks; this long the tooltip waits for the second. */
const USAGE_SAMPLE_MS = 250;
/** A row that is drawn again loses its tooltip: for so long it stays as it is, to be read. */
const HOLD_FOR_TOOLTIP_MS = 8000;

/** Reading a last line costs a tenth of a millisecond, and the view asks for all its rows at once. */
const MAX_FINISHED_WITH_LINE = 100;

/** What is shown of a task, and of which state of it. */
interface Row {
  readonly stateKey: string;
  readonly lastLine: string;
  readonly description: string;
}

/** Gives the view its rows: a flat list, whose elements are the tasks' ids. */
export class TaskTreeProvider implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #window: HoldfastWindow;
  readonly #feed: TaskFeed;
  readonly #changes = new vscode.EventEmitter<string[] | undefined>();
  /** The rows as the view has them. */
  readonly #rows = new Map<string, Row>();
  /** Tasks that ended so long ago that their row goes without the last line of output. */
  #withoutLine: ReadonlySet<string> = new Set();
  /** The row whose tooltip was asked for last, and until when it is not to change. */
  #held: { readonly id: string; readonly untilMs: number } | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(window: HoldfastWindow) {
    this.#window = window;
    this.#feed = window.feed;
  }

  getChildren(element?: string): string[] {
    if (element !== undefined) return [];
    const tasks = sortTasks(this.#feed.tasks);
    const finished = tasks.filter(({ status }) => status !== 'running').map(({ id }) => id);
    this.#withoutLine = new Set(finished.slice(MAX_FINISHED_WITH_LINE));
    return tasks.map(({ id }) => id);
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(id: string): vscode.TreeItem {
    const task = this.#feed.get(id);
    // Removed since the view asked for its rows; the next refresh takes the row away.
    if (task === undefined) return new vscode.TreeItem(id);
    const nowMs = this.#window.host.clock.now();
    const lastLine = this.#lastLineOf(task);
    const description = describeRow(task, lastLine, nowMs);
    this.#rows.set(id, { stateKey: stateKeyOf(task), lastLine, description });
    return createTaskItem(task, lastLine, nowMs);
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    id: string,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const task = this.#feed.get(id);
    if (task === undefined) return item;
    this.#held = { id, untilMs: performance.now() + HOLD_FOR_TOOLTIP_MS };
    const usage = task.status === 'running' ? await measureUsage(task) : undefined;
    if (!token.isCancellationRequested) {
      item.tooltip = createTaskTooltip(task, usage, this.#window.host.clock.now());
    }
    return item;
  }

  /** Has the view ask for the rows again: all of them and their order, or only those that look different now. */
  refresh(what: 'all' | Iterable<string>): void {
    if (what === 'all') {
      for (const id of this.#rows.keys()) {
        if (this.#feed.get(id) === undefined) this.#rows.delete(id);
      }
      this.#changes.fire(undefined);
      return;
    }
    const stale = [...what].filter((id) => !this.#isHeld(id) && this.#isStale(id));
    if (stale.length > 0) this.#changes.fire(stale);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  /** What it misses meanwhile it makes up for at a later change or tick. */
  #isHeld(id: string): boolean {
    return this.#held?.id === id && performance.now() < this.#held.untilMs;
  }

  #isStale(id: string): boolean {
    const task = this.#feed.get(id);
    const row = this.#rows.get(id);
    // The view has not asked for it: there is nothing to be stale.
    if (task === undefined || row === undefined) return false;
    const description = describeRow(task, this.#lastLineOf(task), this.#window.host.clock.now());
    return description !== row.description || stateKeyOf(task) !== row.stateKey;
  }

  /** Read again only when the task wrote something since. */
  #lastLineOf(task: TaskSnapshot): string {
    if (this.#withoutLine.has(task.id)) return '';
    const row = this.#rows.get(task.id);
    return row?.stateKey === stateKeyOf(task) ? row.lastLine : lastOutputLine(task);
  }
}

/** Everything a row shows that does not come with time alone. */
function stateKeyOf(task: TaskSnapshot): string {
  return [
    task.status,
    task.outputBytes,
    task.title,
    task.attempt,
    task.exitCode,
    task.isLogMissing,
  ].join('/');
}

async function measureUsage(task: TaskSnapshot): Promise<Usage | undefined> {
  const meter = createUsageMeter();
  const groups = new Map([[task.id, processesOf(task)]]);
  meter.measure(groups);
  await new Promise((resolve) => setTimeout(resolve, USAGE_SAMPLE_MS));
  return meter.measure(groups).get(task.id);
}
