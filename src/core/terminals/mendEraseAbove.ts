import type { Terminal } from '@xterm/headless';
import { stateOf } from './screenState.ts';

/**
 * xterm.js 6.0 throws when a program erases from the top to a cursor in the last column of the last line (ED 1), since
 * it looks for the line below. All lines are erased then.
 */
export function mendEraseAbove(terminal: Terminal): void {
  const { _inputHandler: handler } = stateOf(terminal);
  terminal.parser.registerCsiHandler({ final: 'J' }, (parameters) => {
    const { active } = terminal.buffer;
    const isAffected =
      parameters[0] === 1 &&
      active.cursorX + 1 >= terminal.cols &&
      active.cursorY + 1 >= active.length;
    if (!isAffected) return false;
    for (let row = 0; row <= active.cursorY; row += 1) handler._resetBufferLine(row);
    return true;
  });
}
