import type { IBuffer, IBufferLine, Terminal } from '@xterm/headless';
import { LinkPen } from './linkPen.ts';
import { SgrReader } from './sgr.ts';

const ESC = '\x1b';

/**
 * The characters that draw the visible rows of a buffer again, over whatever they show; only which rows go on from the
 * one above stays as it is. The serialize add-on leaves out backgrounds below the last text, and styles of blanks.
 */
export function paintRows(terminal: Terminal, buffer: IBuffer): string {
  const links = new LinkPen(terminal);
  const rows = Array.from({ length: terminal.rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return line === undefined ? '' : `${ESC}[${row + 1}H${paintRow(line, terminal.cols, links)}`;
  });
  return rows.join('') + links.end();
}

function paintRow(line: IBufferLine, columns: number, links: LinkPen): string {
  const sgr = new SgrReader();
  let text = '';
  let style = '';
  for (let column = 0; column < columns;) {
    const cell = line.getCell(column);
    if (cell === undefined) break;
    const own = sgr.of(cell);
    if (own !== style) text += own;
    style = own;
    if (cell.getChars() !== '') {
      text += links.to(cell) + cell.getChars();
      column += Math.max(1, cell.getWidth());
      continue;
    }
    const end = endOfBlanks(line, column, columns, sgr);
    const count = end - column;
    // Erased, and not overwritten with spaces: it was never written, and copying must not find spaces there.
    text += `${ESC}[${count}X${end < columns ? `${ESC}[${count}C` : ''}`;
    column = end;
  }
  return text;
}

function endOfBlanks(line: IBufferLine, from: number, columns: number, sgr: SgrReader): number {
  const first = line.getCell(from);
  const style = first === undefined ? '' : sgr.of(first);
  let end = from + 1;
  while (end < columns) {
    const cell = line.getCell(end);
    if (cell?.getChars() !== '' || sgr.of(cell) !== style) break;
    end += 1;
  }
  return end;
}
