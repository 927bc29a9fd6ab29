import type { Terminal } from '@xterm/headless';
import { ByteWriter } from '../common/byteWriter.ts';
import { isPacked, sgrOf } from './sgr.ts';
import { stateOf, type LineState } from './screenState.ts';

const ESC = '\x1b';
const CRLF = '\r\n';

/**
 * The bytes that write the last lines that have scrolled off the normal screen, and scroll them off again. There may be
 * ten thousand, for which the serialize add-on takes many times as long.
 */
export function scrolledRows(terminal: Terminal, count: number): Buffer {
  const { normal } = terminal.buffer;
  const { lines } = stateOf(terminal)._bufferService.buffers.normal;
  const first = normal.baseY - Math.min(count, normal.baseY);
  if (first === normal.baseY) return Buffer.alloc(0);
  const cell = normal.getNullCell();
  const writer = new RowWriter((row, column) => {
    return sgrOf(normal.getLine(row)?.getCell(column, cell) ?? cell);
  });
  for (let row = first; row < normal.baseY; row += 1) {
    const line = lines.get(row);
    if (line === undefined) continue;
    if (row > first && !line.isWrapped) writer.bytes.text(CRLF);
    writer.write(line, row);
  }
  writer.bytes.text(`${ESC}[m${CRLF.repeat(terminal.rows)}${ESC}[H`);
  return writer.bytes.written();
}

class RowWriter {
  readonly bytes = new ByteWriter();
  readonly #sgrAt: (row: number, column: number) => string;
  /** By foreground, then background. */
  readonly #known = new Map<number, Map<number, string>>();
  #blanks = 0;
  #fg = 0;
  #bg = 0;

  constructor(sgrAt: (row: number, column: number) => string) {
    this.#sgrAt = sgrAt;
  }

  write(line: LineState, row: number): void {
    const end = line.getTrimmedLength();
    for (let column = 0; column < end;) {
      const fg = line.getFg(column);
      const bg = line.getBg(column);
      if (fg !== this.#fg || bg !== this.#bg) this.#setPen(fg, bg, row, column);
      column += this.#writeCell(line, column);
    }
    if (this.#blanks > 0) this.bytes.text(`${ESC}[${this.#blanks}X`);
    this.#blanks = 0;
  }

  /** Gives how many columns the cell takes. */
  #writeCell(line: LineState, column: number): number {
    const isCombined = line.isCombined(column) !== 0;
    const code = line.getCodePoint(column);
    if (code === 0 && !isCombined) {
      this.#blanks += 1;
      return 1;
    }
    if (this.#blanks > 0) this.#skipBlanks();
    if (code < 0x80 && !isCombined) this.bytes.byte(code);
    else this.bytes.text(line.getString(column));
    return Math.max(1, line.getWidth(column));
  }

  #setPen(fg: number, bg: number, row: number, column: number): void {
    if (this.#blanks > 0) this.#skipBlanks();
    this.bytes.text(this.#sgr(fg, bg, row, column));
    this.#fg = fg;
    this.#bg = bg;
  }

  #sgr(fg: number, bg: number, row: number, column: number): string {
    if (!isPacked(bg)) return this.#sgrAt(row, column);
    const byBackground = this.#known.get(fg) ?? new Map<number, string>();
    this.#known.set(fg, byBackground);
    const sequence = byBackground.get(bg) ?? this.#sgrAt(row, column);
    byBackground.set(bg, sequence);
    return sequence;
  }

  /** Erased, and not overwritten with spaces; with the background that they have. */
  #skipBlanks(): void {
    this.bytes.text(`${ESC}[${this.#blanks}X${ESC}[${this.#blanks}C`);
    this.#blanks = 0;
  }
}
