import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { appendLineSync, endLastLineSync, type AppendedTo } from '../common/appendLog.ts';
import { HoldfastError, systemErrorCode } from '../common/errors.ts';
import { recordEnvironment } from '../tasks/environment.ts';
import { decompressJournal } from './decompressJournal.ts';
import { isDurableType, JOURNAL_VERSION, type NewLine } from './journalLines.ts';
import { requireJournal } from './readJournal.ts';
import { sessionFilesOf, type SessionFiles } from './sessionFiles.ts';
import type { SessionHost } from './sessionHost.ts';

const MAX_ATTEMPTS = 5;

/** Writes the lines of one session. Any number of these may write to the same journal, in any number of processes. */
export class Journal {
  readonly id: string;
  readonly #host: SessionHost;
  readonly #files: SessionFiles;
  #writer = newWriter();
  /** Of the last line that is known to be in the journal. */
  #count = 0;

  constructor(host: SessionHost, id: string) {
    this.id = id;
    this.#host = host;
    this.#files = sessionFilesOf(host.workspace, id);
  }

  /**
   * Adds a line. Messages, approvals and what else would be missed are on the disk when this returns.
   * @param atMs when it happened; now unless given.
   * @throws HoldfastError `session.notFound`, `disk.full`, `home.notWritable`.
   */
  append(line: NewLine, atMs = this.#host.clock.now()): void {
    const whole = frameLine(line, { writer: this.#writer, number: this.#count + 1, nowMs: atMs });
    try {
      this.#write(whole, isDurableType(line.type));
      this.#count += 1;
    } catch (error) {
      // It may be in the journal all the same; its number must not be given to another line.
      this.#writer = newWriter();
      this.#count = 0;
      throw error;
    }
  }

  /**
   * To be called by who goes on where a process may have died: its last line may be whole but for the newline, and would
   * count only from our first line on.
   * @throws HoldfastError `disk.full`, `home.notWritable`.
   */
  endLastLine(): void {
    endLastLineSync(this.#files.plain);
  }

  /** Variables that changed; values that look like secrets never reach the disk, their names do. */
  appendEnvironment(changed: Readonly<Record<string, string | undefined>>): void {
    const set = Object.fromEntries(
      Object.entries(changed).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    const unset = Object.keys(changed).filter((name) => changed[name] === undefined);
    this.append({ type: 'env', set, unset });
  }

  /**
   * A repair or the compression may put another file in the journal's place at any moment. Who wrote into the old one
   * writes again; a line that got into the new one as well is known by its number.
   */
  #write(line: object, isDurable: boolean): void {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (requireJournal(this.#files).isCompressed) decompressJournal(this.#files);
      const written = appendUnlessGone(this.#files.plain, line, isDurable);
      if (written !== undefined && isInPlace(this.#files.plain, written)) return;
    }
    throw new HoldfastError(
      'home.notWritable',
      `${this.#files.plain} is being replaced all the time`,
      {
        data: { act: `adding a line to ${this.#files.plain}` },
      },
    );
  }
}

/**
 * A line with its frame, in the order in which a person reads it. Values of variables that look like secrets are taken
 * out here, since every line that is written comes through here.
 */
export function frameLine(
  line: NewLine,
  { writer, number, nowMs }: { writer: string; number: number; nowMs: number },
): object {
  const { type, ...fields } = line.type === 'env' ? withoutSecrets(line) : line;
  const t = new Date(nowMs).toISOString();
  return { v: JOURNAL_VERSION, w: writer, n: number, t, type, ...fields };
}

function withoutSecrets(line: Extract<NewLine, { type: 'env' }>): NewLine {
  const { set, secretNames } = recordEnvironment(line.set ?? {});
  return { ...line, set, secretNames: [...new Set([...(line.secretNames ?? []), ...secretNames])] };
}

export function newWriter(): string {
  return randomBytes(6).toString('base64url');
}

function appendUnlessGone(path: string, line: object, isDurable: boolean): AppendedTo | undefined {
  try {
    return appendLineSync(path, line, { isDurable, mustExist: true });
  } catch (error) {
    const isGone = error instanceof Error && systemErrorCode(error.cause) === 'ENOENT';
    if (isGone) return undefined;
    throw error;
  }
}

function isInPlace(path: string, written: AppendedTo): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.ino === written.inode && stat.dev === written.device;
}
