import type { SerializeAddon } from '@xterm/addon-serialize';
import type { Terminal } from '@xterm/headless';
import { LinkPen } from './linkPen.ts';
import { paintRows } from './paintRows.ts';
import { charsetName, savedCursorOf, stateOf, type BufferState } from './screenState.ts';
import { scrolledRows } from './scrolledRows.ts';
import { sgrOf } from './sgr.ts';

const ESC = '\x1b';
const TO_ALTERNATE = `${ESC}[?1049h`;
/** How the add-on begins the alternate screen; what is on a screen has no escapes. */
const ALTERNATE_MARK = `${TO_ALTERNATE}${ESC}[H`;

/**
 * The bytes that put a terminal of the same size, in its initial state, into that of the screen: what is on it,
 * with so much of what has scrolled off, and everything that decides how it takes what comes next. The serialize add-on
 * knows the first and some of the rest; it leaves out scroll region, saved cursor, character sets, tab stops and a
 * cursor at the right margin, and a mode that it sets moves the cursor.
 */
export function snapshotOf(
  terminal: Terminal,
  serializer: SerializeAddon,
  scrollback: number,
): Buffer {
  const content = serializer.serialize({ scrollback: 0, excludeModes: true });
  const split = content.indexOf(ALTERNATE_MARK);
  const { normal, alternate } = terminal.buffer;
  const links = new LinkPen(terminal);
  const screens =
    split < 0
      ? [content, paintRows(terminal, normal)]
      : [
          content.slice(0, split),
          paintRows(terminal, normal),
          savedOfNormal(terminal, links),
          links.end(),
          `${TO_ALTERNATE}${ESC}(B${ESC}[H${ESC}[m`,
          content.slice(split + ALTERNATE_MARK.length),
          paintRows(terminal, alternate),
        ];
  const { _curAttrData: pen } = stateOf(terminal)._inputHandler;
  const visible = [
    ...screens,
    tabStops(terminal),
    savedCursor(terminal, links),
    scrollRegion(terminal),
    charsets(terminal),
    modes(terminal),
    cursorStyle(terminal),
    cursor(terminal, links),
    sgrOf(pen),
    links.to(pen),
  ].join('');
  return Buffer.concat([scrolledRows(terminal, scrollback), Buffer.from(visible, 'utf8')]);
}

/** Leaving the alternate screen puts the cursor back where it was when the screen was entered. */
function savedOfNormal(terminal: Terminal, links: LinkPen): string {
  const { normal } = stateOf(terminal)._bufferService.buffers;
  return savedPen(terminal, normal, links);
}

function savedCursor(terminal: Terminal, links: LinkPen): string {
  const { active } = stateOf(terminal)._bufferService.buffers;
  return `${savedPen(terminal, active, links)}${ESC}7`;
}

function savedPen(terminal: Terminal, buffer: BufferState, links: LinkPen): string {
  const [column, row] = savedCursorOf(buffer);
  return [
    position(row, Math.min(column, terminal.cols - 1)),
    sgrOf(buffer.savedCurAttrData),
    links.to(buffer.savedCurAttrData),
    `${ESC}(${charsetName(buffer.savedCharset)}`,
  ].join('');
}

function scrollRegion(terminal: Terminal): string {
  const { scrollTop, scrollBottom } = stateOf(terminal)._bufferService.buffers.active;
  const isWhole = scrollTop === 0 && scrollBottom === terminal.rows - 1;
  return isWhole ? '' : `${ESC}[${scrollTop + 1};${scrollBottom + 1}r`;
}

function charsets(terminal: Terminal): string {
  const { glevel, _charsets } = stateOf(terminal)._charsetService;
  const designated = ['(', ')', '*', '+'].map((slot, index) => {
    const name = charsetName(_charsets[index]);
    // The first has been used to write what the screen shows.
    return name === 'B' && index > 0 ? '' : `${ESC}${slot}${name}`;
  });
  const shift = ['', '\x0e', `${ESC}n`, `${ESC}o`][glevel] ?? '';
  return `${designated.join('')}${shift}`;
}

function tabStops(terminal: Terminal): string {
  const { tabs } = stateOf(terminal)._bufferService.buffers.active;
  const columns = Array.from({ length: terminal.cols }, (_, column) => column);
  const isUsual = columns.every((column) => (tabs[column] === true) === (column % 8 === 0));
  if (isUsual) return '';
  const set = columns.filter((column) => tabs[column] === true);
  return `${ESC}[3g${set.map((column) => `${ESC}[${column + 1}G${ESC}H`).join('')}`;
}

const MOUSE_TRACKING = { x10: 9, vt200: 1000, drag: 1002, any: 1003 } as const;
const MOUSE_ENCODING = new Map([
  ['SGR', 1006],
  ['SGR_PIXELS', 1016],
]);

function modes(terminal: Terminal): string {
  const { modes: now } = terminal;
  const { coreMouseService, coreService } = stateOf(terminal);
  const encoding = MOUSE_ENCODING.get(coreMouseService.activeEncoding);
  const set = (isSet: boolean, sequence: string): string => (isSet ? `${ESC}[${sequence}` : '');
  return [
    set(now.applicationCursorKeysMode, '?1h'),
    now.applicationKeypadMode ? `${ESC}=` : '',
    set(now.bracketedPasteMode, '?2004h'),
    set(now.insertMode, '4h'),
    set(now.originMode, '?6h'),
    set(now.reverseWraparoundMode, '?45h'),
    set(now.sendFocusMode, '?1004h'),
    set(!now.wraparoundMode, '?7l'),
    set(coreService.isCursorHidden, '?25l'),
    now.mouseTrackingMode === 'none' ? '' : `${ESC}[?${MOUSE_TRACKING[now.mouseTrackingMode]}h`,
    encoding === undefined ? '' : `${ESC}[?${encoding}h`,
  ].join('');
}

const CURSOR_STYLES = ['block', 'underline', 'bar'];

function cursorStyle(terminal: Terminal): string {
  const { cursorStyle: style, cursorBlink } = stateOf(terminal).coreService.decPrivateModes;
  const index = CURSOR_STYLES.indexOf(style ?? '');
  if (index < 0) return '';
  return `${ESC}[${index * 2 + (cursorBlink === true ? 1 : 2)} q`;
}

/** A cursor that has just written into the last column stays beyond it until the next character wraps. */
function cursor(terminal: Terminal, links: LinkPen): string {
  const { active } = terminal.buffer;
  const { scrollTop } = stateOf(terminal)._bufferService.buffers.active;
  const row = active.cursorY - (terminal.modes.originMode ? scrollTop : 0);
  if (active.cursorX < terminal.cols) return position(row, active.cursorX);
  const line = active.getLine(active.baseY + active.cursorY);
  const last = line?.getCell(terminal.cols - 1);
  const isWide = last?.getWidth() === 0;
  const column = terminal.cols - (isWide ? 2 : 1);
  const cell = line?.getCell(column);
  if (cell === undefined) return position(row, column);
  return `${position(row, column)}${sgrOf(cell)}${links.to(cell)}${cell.getChars() || ' '}`;
}

function position(row: number, column: number): string {
  return `${ESC}[${row + 1};${column + 1}H`;
}
