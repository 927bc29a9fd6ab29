import { StringDecoder } from 'node:string_decoder';
import * as vscode from 'vscode';
import { taskStatusText } from '../../core/tasks/describeTask.ts';
import { readTask } from '../../core/tasks/readTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { requireTerminal } from '../../core/terminals/requireTerminal.ts';
import { TerminalClient, type TerminalEnd } from '../../core/terminals/terminalClient.ts';
import { DEFAULT_SIZE, isSameSize, type TerminalSize } from '../../core/terminals/terminalSize.ts';
import { OutputBrake } from './outputBrake.ts';

/** Resets a terminal of the editor, its scrollback too. */
const RESET = '\x1bc';

/** A task's terminal in the editor: what the editor closes is only the view of it. */
export class KeptTerminal implements vscode.Pseudoterminal {
  #task: TaskSnapshot;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly #name = new vscode.EventEmitter<string>();
  readonly #dimensions = new vscode.EventEmitter<vscode.TerminalDimensions | undefined>();
  #client: TerminalClient | undefined;
  #brake: OutputBrake | undefined;
  #decoder = new StringDecoder('utf8');
  /** What the editor has room for; the screen may have another size, which another terminal has set. */
  #own: TerminalSize = DEFAULT_SIZE;
  /** The editor has made the view, and not closed it. */
  #isOpen = false;
  #isOver = false;
  #hasLeft = false;

  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly onDidChangeName = this.#name.event;
  readonly onDidOverrideDimensions = this.#dimensions.event;

  constructor(task: TaskSnapshot) {
    this.#task = task;
  }

  /** The program has ended, or cannot be reached: what is to be seen is the last screen. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** It has told the editor to close the view, which then shows nothing any more. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Whether it shows this run of the task; each has a socket of its own. */
  isOf({ terminal }: TaskSnapshot): boolean {
    return terminal?.socket === this.#task.terminal?.socket;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#own = dimensions ?? DEFAULT_SIZE;
    this.#isOpen = true;
    this.#connectOrEnd();
  }

  /** Shows the task as it runs now in the same view, which may show the end of an earlier run. */
  reopen(task: TaskSnapshot): void {
    this.#task = task;
    if (!this.#isOpen) return;
    this.#disconnect();
    this.#isOver = false;
    this.#decoder = new StringDecoder('utf8');
    this.#write.fire(RESET);
    this.#name.fire(terminalName(task));
    this.#connectOrEnd();
  }

  close(): void {
    this.#isOpen = false;
    this.#disconnect();
  }

  handleInput(data: string): void {
    if (this.#isOver) {
      if (data === '\r') this.#leave();
      return;
    }
    this.#client?.type(Buffer.from(data, 'utf8'));
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#own = dimensions;
    this.#client?.resize(dimensions);
  }

  #connectOrEnd(): void {
    try {
      this.#connect(requireTerminal(this.#task));
    } catch {
      // It has ended since somebody decided to show it.
      this.#showEnd({ kind: 'lost' });
    }
  }

  #disconnect(): void {
    this.#brake?.dispose();
    this.#client?.close();
    this.#client = undefined;
  }

  #leave(): void {
    this.#hasLeft = true;
    this.#close.fire(0);
  }

  #connect(socketPath: string): void {
    const scrollback = vscode.workspace
      .getConfiguration('terminal.integrated')
      .get<number>('scrollback', 1000);
    const client = new TerminalClient(
      socketPath,
      { role: 'attach', ...this.#own, scrollback, scrollbackAgain: scrollback },
      {
        onSize: (size) => {
          this.#dimensions.fire(isSameSize(size, this.#own) ? undefined : size);
        },
        onScreen: (bytes, isAgain) => {
          this.#decoder = new StringDecoder('utf8');
          this.#show(bytes, isAgain ? RESET : '');
        },
        onOutput: (bytes) => {
          this.#show(bytes);
        },
        onTitle: (title) => {
          this.#name.fire(title === '' ? terminalName(this.#task) : title);
        },
        onEnd: (end) => {
          this.#showEnd(end);
        },
      },
    );
    this.#client = client;
    this.#brake = new OutputBrake(client);
  }

  #show(bytes: Buffer, before = ''): void {
    this.#brake?.count(bytes.length);
    this.#write.fire(before + this.#decoder.write(bytes));
  }

  /** One that has done what it should goes, as terminals do; of any other, the last screen can be read. */
  #showEnd(end: TerminalEnd): void {
    this.#isOver = true;
    const now = readTask(this.#task.directory, Date.now());
    // A server that is restarted exits with 0 as well, and its next run is to be seen in the same view.
    const isByItself =
      now === undefined || (now.stop === undefined && now.attempt === this.#task.attempt);
    // It may have ended before we had reached it.
    const isDone = now?.status === 'completed' && now.exitCode === 0;
    if (isByItself && (isDone || (end.kind === 'ended' && end.exitCode === 0))) {
      this.#leave();
      return;
    }
    const status = now === undefined ? 'removed' : taskStatusText(now);
    const words =
      end.kind === 'refused'
        ? 'was started by another version of Holdfast, whose terminals this one cannot show'
        : status;
    this.#write.fire(`\r\n\x1b[0;2m[${this.#task.id}: ${words}. Press Enter to close.]\x1b[0m\r\n`);
  }
}

/** Its number, so that it can be found again everywhere else, and its name or command. */
export function terminalName(task: TaskSnapshot): string {
  const [line = ''] = (task.title ?? task.command).split('\n');
  return `${task.id}: ${line.slice(0, 60)}`;
}
