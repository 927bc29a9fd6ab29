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
  readonly #task: TaskSnapshot;
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly #name = new vscode.EventEmitter<string>();
  readonly #dimensions = new vscode.EventEmitter<vscode.TerminalDimensions | undefined>();
  #client: TerminalClient | undefined;
  #brake: OutputBrake | undefined;
  #decoder = new StringDecoder('utf8');
  /** What the editor has room for; the screen may have another size, which another terminal has set. */
  #own: TerminalSize = DEFAULT_SIZE;
  #isOver = false;

  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly onDidChangeName = this.#name.event;
  readonly onDidOverrideDimensions = this.#dimensions.event;

  constructor(task: TaskSnapshot) {
    this.#task = task;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#own = dimensions ?? DEFAULT_SIZE;
    try {
      this.#connect(requireTerminal(this.#task));
    } catch {
      // It has ended since somebody decided to show it.
      this.#showEnd({ kind: 'lost' });
    }
  }

  close(): void {
    this.#brake?.dispose();
    this.#client?.close();
    this.#client = undefined;
  }

  handleInput(data: string): void {
    if (this.#isOver) {
      if (data === '\r') this.#close.fire(0);
      return;
    }
    this.#client?.type(Buffer.from(data, 'utf8'));
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#own = dimensions;
    this.#client?.resize(dimensions);
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
    // It may have ended before we had reached it.
    const isDone = now?.status === 'completed' && now.exitCode === 0;
    if (isDone || (end.kind === 'ended' && end.exitCode === 0)) {
      this.#close.fire(0);
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
