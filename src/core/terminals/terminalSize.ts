/** How many characters a terminal is wide and high. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal has that nobody has looked at yet. */
export const DEFAULT_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** A screen holds each of its cells; the kernel's own limit of 65,535 each way would cost gigabytes. */
const MAX_COLUMNS = 1000;
const MAX_ROWS = 500;

/** The nearest size that can be had; a window that is being laid out may report zero. */
export function clampSize({ columns, rows }: TerminalSize): TerminalSize {
  return {
    columns: clamp(columns, 2, MAX_COLUMNS, DEFAULT_SIZE.columns),
    rows: clamp(rows, 1, MAX_ROWS, DEFAULT_SIZE.rows),
  };
}

export function isSameSize(a: TerminalSize, b: TerminalSize): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

function clamp(value: number, least: number, most: number, otherwise: number): number {
  if (!Number.isFinite(value) || value < 1) return otherwise;
  return Math.min(most, Math.max(least, Math.floor(value)));
}
