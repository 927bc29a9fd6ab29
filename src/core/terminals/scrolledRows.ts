import type { IBufferCell, Terminal } from '@xterm/headless';
import { ByteWriter } from '../common/byteWriter.ts';
import { LinkPen } from './linkPen.ts';
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
  const writer = new RowWriter(normal.getNullCell(), new LinkPen(terminal));
  for (let row = first; row < normal.baseY; row += 1) {
    const line = lines.get(row);
    if (line === undefined) continue;
    if (row > first && !line.isWrapped) writer.bytes.text(CRLF);
    writer.write(line);
  }
  writer.bytes.text(`${writer.links.end()}${ESC}[m${CRLF.repeat(terminal.rows)}${ESC}[H`);
  return writer.bytes.written();
}

class RowWriter {
  readonly bytes = new ByteWriter();
  readonly links: LinkPen;
  /** Takes each cell that has more attributes than are packed into two numbers. */
  readonly #cell: IBufferCell;
  /** By foreground, then background. */
  readonly #known = new Map<number, Map<number, string>>();
  #blanks = 0;
  #fg = 0;
  #bg = 0;
  #extended: object | undefined;
  #sequence = '';

  constructor(cell: IBufferCell, links: LinkPen) {
    this.#cell = cell;
    this.links = links;
  }

  write(line: LineState): void {
    const end = line.getTrimmedLength();
    for (let column = 0; column < end;) {
      const fg = line.getFg(column);
      const bg = line.getBg(column);
      const extended = isPacked(bg) ? undefined : line._extendedAttrs[column];
      if (fg !== this.#fg || bg !== this.#bg || extended !== this.#extended) {
        this.#setPen(fg, bg, line, column);
        this.#extended = extended;
      }
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

  #setPen(fg: number, bg: number, line: LineState, column: number): void {
    line.loadCell(column, this.#cell);
    const sequence = isPacked(bg) ? this.#sgr(fg, bg) : sgrOf(this.#cell);
    const pen = `${this.links.to(this.#cell)}${sequence === this.#sequence ? '' : sequence}`;
    if (pen !== '' && this.#blanks > 0) this.#skipBlanks();
    this.bytes.text(pen);
    this.#fg = fg;
    this.#bg = bg;
    this.#sequence = sequence;
  }

  #sgr(fg: number, bg: number): string {
    const byBackground = this.#known.get(fg) ?? new Map<number, string>();
    this.#known.set(fg, byBackground);
    const sequence = byBackground.get(bg) ?? sgrOf(this.#cell);
    byBackground.set(bg, sequence);
    return sequence;
  }

  /** Erased, and not overwritten with spaces; with the background that they have. */
  #skipBlanks(): void {
    this.bytes.text(`${ESC}[${this.#blanks}X${ESC}[${this.#blanks}C`);
    this.#blanks = 0;
  }
}
