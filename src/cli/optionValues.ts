import { InvalidArgumentError } from 'commander';
import { clampSize, isSameSize, type TerminalSize } from '../core/terminals/terminalSize.ts';

const UNIT_BYTES = new Map([
  ['', 1],
  ['k', 2 ** 10],
  ['m', 2 ** 20],
  ['g', 2 ** 30],
]);
const MIN_OUTPUT_BYTES = 64 * 2 ** 10;
const MAX_OUTPUT_BYTES = 2 ** 40;
/** A keeper's shell counts in whole seconds; a year is as good as for ever. */
const MAX_SEC = 366 * 24 * 60 * 60;

/** `64M`, `64MiB`, `1g`, `500000`: bytes, in powers of 1024. */
export function parseOutputLimit(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b)?|b)?$/i.exec(text.trim());
  const bytes = Number(match?.[1]) * (UNIT_BYTES.get(match?.[2]?.toLowerCase() ?? '') ?? NaN);
  if (bytes >= MIN_OUTPUT_BYTES && bytes <= MAX_OUTPUT_BYTES) return Math.floor(bytes);
  throw new InvalidArgumentError('It is a size such as 500K, 64M or 2G, from 64K to 1024G.');
}

export function parseWholeSeconds(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : NaN;
  if (seconds <= MAX_SEC) return seconds;
  throw new InvalidArgumentError('It is a whole number of seconds.');
}

export function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (seconds <= MAX_SEC) return seconds;
  throw new InvalidArgumentError('It is a number of seconds.');
}

export function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('It is a whole number, zero or more.');
}

export function parseRegex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Collects `--env NAME=VALUE`, which may be given several times. */
export function collectVariable(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, name, value] = /^([^=\0]+)=([^\0]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It is NAME=VALUE.');
  }
  return { ...earlier, [name]: value };
}

/** `120x40`: columns and rows of a terminal. */
export function parseTerminalSize(text: string): TerminalSize {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/i.exec(text.trim()) ?? [];
  const size = { columns: Number(columns), rows: Number(rows) };
  if (isSameSize(size, clampSize(size))) return size;
  throw new InvalidArgumentError('It is columns and rows such as 120x40, at most 1000x500.');
}
