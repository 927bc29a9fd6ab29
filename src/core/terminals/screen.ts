import { SerializeAddon } from '@xterm/addon-serialize/lib/addon-serialize.mjs';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { separateBrokenWraps } from './brokenWraps.ts';
import { useWidthsOfToday } from './characterWidths.ts';
import { mendEraseAbove } from './mendEraseAbove.ts';
import { SCROLLBACK_LINES } from './scrollback.ts';
import { snapshotOf } from './screenSnapshot.ts';
import { stateOf } from './screenState.ts';
import { isSameSize, type TerminalSize } from './terminalSize.ts';

export interface ScreenListener {
  /** The answer to what the program asked of its terminal. */
  onReply(bytes: Buffer): void;
  onTitle(title: string): void;
  /** What could not be drawn; what comes after it is. */
  onError(error: unknown): void;
}

/** What a program has drawn on its terminal, whoever looks at it. Its owner disposes it. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #serializer = new SerializeAddon();
  #title = '';
  /** The last picture, until something is drawn: many may attach at once. */
  #known: { scrollback: number; bytes: Buffer } | undefined;
  readonly #listener: ScreenListener;

  constructor({ columns, rows }: TerminalSize, listener: ScreenListener) {
    this.#listener = listener;
    this.#terminal = new Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      windowOptions: { getWinSizeChars: true },
    });
    useWidthsOfToday(this.#terminal);
    mendEraseAbove(this.#terminal);
    this.#terminal.loadAddon(this.#serializer);
    this.#terminal.onData((data) => {
      listener.onReply(Buffer.from(data, 'utf8'));
    });
    this.#terminal.onBinary((data) => {
      listener.onReply(Buffer.from(data, 'latin1'));
    });
    this.#terminal.onTitleChange((title) => {
      this.#title = title;
      listener.onTitle(title);
    });
  }

  get size(): TerminalSize {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get title(): string {
    return this.#title;
  }

  /**
   * Draws output, at once: the library would do it later, in slices, and an error in its drawing would then end the
   * process, and the user's program with it.
   */
  write(bytes: Uint8Array): void {
    this.#known = undefined;
    try {
      stateOf(this.#terminal)._inputHandler.parse(bytes);
    } catch (error) {
      this.#listener.onError(error);
    }
  }

  resize(size: TerminalSize): void {
    if (isSameSize(size, this.size)) return;
    this.#known = undefined;
    this.#terminal.resize(size.columns, size.rows);
  }

  /** What makes a fresh terminal of this size show the same, with so many lines of what has scrolled off. */
  snapshot(scrollback: number): Buffer {
    if (this.#known?.scrollback === scrollback) return this.#known.bytes;
    separateBrokenWraps(this.#terminal);
    const bytes = Buffer.concat([
      Buffer.from(titleSequence(this.#title), 'utf8'),
      snapshotOf(this.#terminal, this.#serializer, scrollback),
    ]);
    this.#known = { scrollback, bytes };
    return bytes;
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}

function titleSequence(title: string): string {
  return title === '' ? '' : `\x1b]2;${title}\x07`;
}
