import type { IBuffer, Terminal } from '@xterm/headless';
import {
  charsetName,
  savedCursorOf,
  stateOf,
  type Attributes,
} from '../../src/core/terminals/screenState.ts';
import { linkIdOf, sgrOf } from '../../src/core/terminals/sgr.ts';

/** Everything about a screen that a user sees or that decides what comes next, for comparing two cell by cell. */
export function dumpScreen(terminal: Terminal): object {
  const state = stateOf(terminal);
  const { active } = terminal.buffer;
  const region = state._bufferService.buffers.active;
  return {
    size: [terminal.cols, terminal.rows],
    active: active.type,
    cursor: [active.cursorX, active.cursorY],
    pen: sgrOf(state._inputHandler._curAttrData),
    penLink: linkOf(terminal, state._inputHandler._curAttrData),
    saved: savedCursorOf(region).map((at, i) => (i === 0 ? Math.min(at, terminal.cols - 1) : at)),
    savedPen: sgrOf(region.savedCurAttrData),
    region: [region.scrollTop, region.scrollBottom],
    charsets: [0, 1, 2, 3].map((slot) => charsetName(state._charsetService._charsets[slot])),
    shift: state._charsetService.glevel,
    isCursorHidden: state.coreService.isCursorHidden,
    cursorStyle: [
      state.coreService.decPrivateModes.cursorStyle,
      state.coreService.decPrivateModes.cursorBlink,
    ],
    mouse: state.coreMouseService.activeEncoding,
    modes: { ...terminal.modes, synchronizedOutputMode: false },
    normal: dumpBuffer(terminal.buffer.normal, terminal),
    alternate: active.type === 'alternate' ? dumpBuffer(active, terminal) : [],
  };
}

/** One string per row: each cell with its attributes where they change. Rows without anything are ''. */
export function dumpBuffer(buffer: IBuffer, terminal: Terminal): string[] {
  return Array.from({ length: buffer.length }, (_, row) => {
    const line = buffer.getLine(row);
    let text = line?.isWrapped === true ? '↪' : '';
    let style = '\x1b[0m';
    let link = '';
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = line?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const shown = cell.getChars() || ' ';
      // An empty cell shows its background, and nothing else.
      const own = shown === ' ' ? backgroundOf(sgrOf(cell)) : sgrOf(cell) + underlineOf(cell);
      if (own !== style) text += own;
      style = own;
      const target = cell.getChars() === '' ? '' : linkOf(terminal, cell);
      if (target !== link) text += `⟨${target}⟩`;
      link = target;
      text += shown;
    }
    return text.replace(/ +$/, '').replaceAll('\x1b', '␛');
  });
}

/** Where a cell leads, and which others are shown as one link with it; of those without a name, only that they lead. */
function linkOf(terminal: Terminal, attributes: Attributes): string {
  const link = stateOf(terminal)._oscLinkService.getLinkData(linkIdOf(attributes));
  return link === undefined ? '' : `${link.id?.replace(/^holdfast-\d+$/, '') ?? ''}|${link.uri}`;
}

/** Read apart from what writes it: style and colour as the library packs them. */
function underlineOf(cell: Attributes): string {
  const { extended } = cell as unknown as { extended: { _ext: number } };
  if (cell.isUnderline() === 0) return '';
  const style = (extended._ext >>> 26) & 7;
  const [isRgb, isUsual] = [
    (extended._ext & 0x300_0000) === 0x300_0000,
    (extended._ext & 0x3ff_ffff) === 0x3ff_ffff,
  ];
  // Of one of the 256 colours the rest of the number means nothing.
  const color = isUsual ? 0 : extended._ext & (isRgb ? 0x3ff_ffff : 0x300_00ff);
  return `${style}/${color.toString(16)} `;
}

function backgroundOf(sgr: string): string {
  const background = /(?:^|[;[])(48;(?:5;\d+|2;\d+;\d+;\d+))m$/.exec(sgr)?.[1];
  const visible = /[;[]0((?:;[4579]|;53)+)/.exec(sgr.split(/;[34]8;/)[0] ?? '')?.[1] ?? '';
  return `\x1b[0${visible}${background === undefined ? '' : `;${background}`}m`;
}
