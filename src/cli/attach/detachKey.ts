import { InvalidArgumentError } from 'commander';

export interface DetachKey {
  /** As a person says it. */
  readonly name: string;
  /** What a terminal sends for it; more than one way, as programs can ask for another keyboard protocol. */
  readonly sequences: readonly Buffer[];
}

export const DEFAULT_DETACH_KEY = 'ctrl-]';

/** `ctrl-]`, `ctrl-a`, `^b`; `none` for no such key. */
export function parseDetachKey(text: string): DetachKey {
  if (text.toLowerCase() === 'none') return { name: 'none', sequences: [] };
  const key = /^(?:ctrl[-+]|\^)([a-z@[\\\]^_])$/i.exec(text)?.[1]?.toLowerCase();
  if (key === undefined) {
    throw new InvalidArgumentError('It is a key such as ctrl-] or ctrl-a, or none.');
  }
  const code = key.toUpperCase().charCodeAt(0) & 0x1f;
  const plain = Buffer.from([code]);
  const reported = Buffer.from(`\x1b[${key.charCodeAt(0)};5u`);
  return { name: `Ctrl+${key.toUpperCase()}`, sequences: [plain, reported] };
}

/** Where the key is in what was typed, or -1. */
export function findDetachKey({ sequences }: DetachKey, typed: Buffer): number {
  const found = sequences.map((sequence) => typed.indexOf(sequence)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}
