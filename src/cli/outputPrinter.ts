import { StringDecoder } from 'node:string_decoder';
import type { OutputBytes } from '../core/tasks/output.ts';
import { readTask } from '../core/tasks/readTask.ts';
import type { TaskSnapshot } from '../core/tasks/types.ts';
import { LineFilter } from './lineFilter.ts';
import { tell, writeJson, writeOut } from './stdio.ts';

/** Prints pieces of a task's output, one form each for people, for scripts, and for scripts that follow. */
export interface OutputPrinter {
  /** Up to where stdout has taken the output. */
  readonly takenTo: number;
  take(piece: OutputBytes): Promise<void>;
  /** Prints what is left to say; `task` is how it stands now. */
  finish(task: TaskSnapshot): Promise<void>;
}

/** The bytes themselves, or the lines that match. */
export class TextPrinter implements OutputPrinter {
  takenTo: number;
  readonly #filter: LineFilter | undefined;

  constructor(from: number, filter: RegExp | undefined) {
    this.takenTo = from;
    this.#filter = filter && new LineFilter(filter);
  }

  async take(piece: OutputBytes): Promise<void> {
    if (piece.droppedBytes > 0) tell(`${piece.droppedBytes} bytes before this are no longer kept`);
    await writeOut(this.#filter?.take(piece.bytes) ?? piece.bytes);
    this.takenTo = piece.to;
  }

  async finish(): Promise<void> {
    const rest = this.#filter?.finish() ?? '';
    if (rest !== '') await writeOut(rest);
  }
}

/** Text as JSON has it: valid, whatever the bytes are and wherever they are cut. */
class JsonText {
  readonly #filter: LineFilter | undefined;
  readonly #decoder = new StringDecoder('utf8');

  constructor(filter: RegExp | undefined) {
    this.#filter = filter && new LineFilter(filter);
  }

  take(bytes: Buffer): string {
    return this.#filter?.take(bytes) ?? this.#decoder.write(bytes);
  }

  finish(): string {
    return this.#filter?.finish() ?? this.#decoder.end();
  }
}

/** One object, written piece by piece, since a log of 64 MiB would be several times that as one string. */
export class JsonPrinter implements OutputPrinter {
  takenTo: number;
  readonly #id: string;
  readonly #text: JsonText;
  #from: number;
  #to: number;
  #droppedBytes = 0;
  #hasBegun = false;

  constructor(task: TaskSnapshot, from: number, filter: RegExp | undefined) {
    this.#id = task.id;
    this.#text = new JsonText(filter);
    this.takenTo = from;
    this.#from = from;
    this.#to = from;
  }

  async take(piece: OutputBytes): Promise<void> {
    this.#droppedBytes += piece.droppedBytes;
    if (!this.#hasBegun) this.#from = piece.from;
    await this.#write(this.#text.take(piece.bytes));
    this.#to = piece.to;
  }

  /** Half an object is nothing to its reader, so only now it counts as taken. */
  async finish(task: TaskSnapshot): Promise<void> {
    await this.#write(this.#text.finish());
    const rest = {
      to: this.#to,
      droppedBytes: this.#droppedBytes,
      status: task.status,
      exitCode: task.exitCode ?? null,
    };
    await writeOut(`",${JSON.stringify(rest).slice(1)}\n`);
    this.takenTo = this.#to;
  }

  async #write(text: string): Promise<void> {
    if (!this.#hasBegun) {
      const { id, from } = { id: this.#id, from: this.#from };
      await writeOut(`${JSON.stringify({ id, from }).slice(0, -1)},"text":"`);
      this.#hasBegun = true;
    }
    await writeOut(JSON.stringify(text).slice(1, -1));
  }
}

/** One object a line for each piece; the last one says how the task ended. */
export class JsonLinesPrinter implements OutputPrinter {
  takenTo: number;
  readonly #task: TaskSnapshot;
  readonly #text: JsonText;

  constructor(task: TaskSnapshot, from: number, filter: RegExp | undefined) {
    this.#task = task;
    this.#text = new JsonText(filter);
    this.takenTo = from;
  }

  async take(piece: OutputBytes): Promise<void> {
    const text = this.#text.take(piece.bytes);
    const task = readTask(this.#task.directory, Date.now()) ?? this.#task;
    if (text !== '' || piece.droppedBytes > 0) await this.#write(piece, text, task);
    this.takenTo = piece.to;
  }

  async finish(task: TaskSnapshot): Promise<void> {
    const end = { from: this.takenTo, to: this.takenTo, droppedBytes: 0 };
    await this.#write(end, this.#text.finish(), task);
  }

  async #write(
    { from, to, droppedBytes }: Omit<OutputBytes, 'bytes' | 'endOffset'>,
    text: string,
    { id, status, exitCode }: TaskSnapshot,
  ): Promise<void> {
    await writeJson({ id, from, to, text, droppedBytes, status, exitCode: exitCode ?? null });
  }
}
