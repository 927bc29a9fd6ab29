import type { IBufferCell, Terminal } from '@xterm/headless';

/** Attributes of a cell, or of the pen that writes the next one. */
export type Attributes = Omit<IBufferCell, 'getWidth' | 'getChars' | 'getCode'>;

/** A line, whose cells are three numbers each; to read those is several times as quick as the cells' public face. */
export interface LineState {
  isWrapped: boolean;
  hasContent(column: number): number;
  getWidth(column: number): number;
  getTrimmedLength(): number;
  /** The attributes, packed. */
  getFg(column: number): number;
  getBg(column: number): number;
  /** Zero for a blank; the last character's when there are several. */
  getCodePoint(column: number): number;
  isCombined(column: number): number;
  getString(column: number): string;
  loadCell(column: number, cell: Attributes): void;
  /** What is not packed of a cell's attributes: the same object for all cells that were written one after the other. */
  readonly _extendedAttrs: Readonly<Record<number, object | undefined>>;
}

export interface BufferState {
  readonly x: number;
  readonly y: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly ybase: number;
  readonly savedCurAttrData: Attributes;
  readonly savedCharset: Readonly<Record<string, string>> | undefined;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly lines: {
    readonly length: number;
    get(row: number): LineState | undefined;
  };
  readonly tabs: Readonly<Record<string, boolean | undefined>>;
}

interface Core {
  readonly _inputHandler: {
    readonly _curAttrData: Attributes;
    parse(bytes: Uint8Array): void;
    _resetBufferLine(row: number): void;
  };
  readonly _bufferService: {
    readonly buffers: {
      readonly normal: BufferState;
      readonly alt: BufferState;
      readonly active: BufferState;
    };
  };
  readonly _charsetService: {
    readonly glevel: number;
    readonly _charsets: readonly (Readonly<Record<string, string>> | undefined)[];
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly decPrivateModes: { readonly cursorStyle?: string; readonly cursorBlink?: boolean };
  };
  readonly coreMouseService: { readonly activeEncoding: string };
  readonly _oscLinkService: {
    getLinkData(id: number): { readonly id?: string | undefined; readonly uri: string } | undefined;
  };
}

/**
 * The state of a screen that xterm.js holds and has no public name for. Its own serialize add-on reads the pen the same
 * way; the library's version is pinned by the bundle, and the tests compare each of these after a reattach.
 */
export function stateOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

/** Column and row that a restore of the cursor goes to now; the row is kept by line, and lines have scrolled off since. */
export function savedCursorOf({ savedX, savedY, ybase }: BufferState): [number, number] {
  return [savedX, Math.max(savedY - ybase, 0)];
}

/** The final character of the sequence that designates a set of characters (ISO 2022). */
export function charsetName(charset: Readonly<Record<string, string>> | undefined): string {
  if (charset?.['q'] === '─') return '0';
  return charset?.['#'] === '£' && Object.keys(charset).length === 1 ? 'A' : 'B';
}
