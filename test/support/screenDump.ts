import type { IBuffer, Terminal } from '@xterm/headless';
import { charsetName, savedCursorOf, stateOf } from '../../src/core/terminals/screenState.ts';
import { sgrOf } from '../../src/core/terminals/sgr.ts';

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
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = line?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const shown = cell.getChars() || ' ';
      // An empty cell shows its background, and nothing else.
      const own = shown === ' ' ? backgroundOf(sgrOf(cell)) : sgrOf(cell);
      if (own !== style) text += own;
      style = own;
      text += shown;
    }
    return text.replace(/ +$/, '').replaceAll('\x1b', '␛');
  });
}

function backgroundOf(sgr: string): string {
  const background = /(?:^|[;[])(48;(?:5;\d+|2;\d+;\d+;\d+))m$/.exec(sgr)?.[1];
  const visible = /[;[]0((?:;[4579]|;53)+)/.exec(sgr.split(/;[34]8;/)[0] ?? '')?.[1] ?? '';
  return `\x1b[0${visible}${background === undefined ? '' : `;${background}`}m`;
}
