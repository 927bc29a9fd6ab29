import { hasFailed } from '../core/tasks/describeEnd.ts';
import { formatDuration, formatSize, oneLine } from '../core/tasks/describeTask.ts';
import { sortTasks } from '../core/tasks/taskSorting.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { statusWords } from './statusWords.ts';

export interface TableOptions {
  readonly nowMs: number;
  /** Columns of the terminal; undefined where there is none and nothing is cut. */
  readonly width: number | undefined;
  readonly hasColours: boolean;
}

const COLUMNS = ['ID', 'STATUS', 'TIME', 'PID', 'OUTPUT', 'COMMAND'];
const GAP = '  ';
/** A line of this length is read in full in the task's own record. */
const MAX_COMMAND_CHARS = 1000;
const DIM = 2;
const RED = 31;
const GREEN = 32;
const YELLOW = 33;

/** The tasks as lines of aligned columns: running ones first, then the latest that ended. */
export function taskTable(tasks: readonly TaskSnapshot[], options: TableOptions): string[] {
  const ordered = sortTasks(tasks);
  const rows = ordered.map((task) => cellsOf(task, options.nowMs));
  // The command comes last and may be of any length.
  const widths = COLUMNS.slice(0, -1).map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)),
  );
  const heading = cut(joinCells(COLUMNS, widths), options.width);
  return [
    paint(heading, DIM, options),
    ...rows.map((cells, index) => {
      const line = cut(joinCells(cells, widths), options.width);
      return paintStatus(line, cells[1] ?? '', colourOf(ordered[index]), options);
    }),
  ];
}

function cellsOf(task: TaskSnapshot, nowMs: number): string[] {
  const isRunning = task.status === 'running';
  const sinceMs = isRunning ? (task.startedAtMs ?? task.createdAtMs) : task.endedAtMs;
  const time = sinceMs === undefined ? '' : formatDuration(nowMs - sinceMs);
  const command = oneLine(task.command, MAX_COMMAND_CHARS);
  return [
    task.id,
    statusWords(task),
    isRunning || time === '' ? time : `${time} ago`,
    isRunning ? String(task.pid ?? '') : '',
    task.isLogMissing ? 'deleted' : formatSize(task.outputBytes),
    task.title ? `${oneLine(task.title)}: ${command}` : command,
  ];
}

function joinCells(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP);
}

/** Counts code points; a terminal that shows some of them twice as wide wraps that line. */
function cut(line: string, width: number | undefined): string {
  const trimmed = line.trimEnd();
  const characters = Array.from(trimmed);
  if (width === undefined || characters.length <= width) return trimmed;
  return `${characters.slice(0, Math.max(1, width - 1)).join('')}…`;
}

function colourOf(task: TaskSnapshot | undefined): number {
  if (task === undefined || task.status === 'running') return GREEN;
  if (hasFailed(task)) return RED;
  return task.status === 'completed' ? DIM : YELLOW;
}

function paintStatus(line: string, status: string, code: number, options: TableOptions): string {
  const at = line.indexOf(GAP + status);
  if (at === -1) return line;
  const start = at + GAP.length;
  const end = start + status.length;
  return `${line.slice(0, start)}${paint(status, code, options)}${line.slice(end)}`;
}

function paint(text: string, code: number, { hasColours }: TableOptions): string {
  return hasColours ? `\u001b[${code}m${text}\u001b[0m` : text;
}
