import type { Terminal } from '@xterm/headless';
import { stateOf, type BufferState } from './screenState.ts';

/**
 * Makes lines of their own of those that were once the rest of the line above, and are not any more, since that was
 * erased up to the margin. Nothing on the screen changes; the serialize add-on would fill the gap with dashes.
 */
export function separateBrokenWraps(terminal: Terminal): void {
  const { normal, alt } = stateOf(terminal)._bufferService.buffers;
  separateIn(normal, terminal.cols);
  separateIn(alt, terminal.cols);
}

function separateIn({ lines }: BufferState, columns: number): void {
  for (let row = 0; row < lines.length; row += 1) {
    const line = lines.get(row);
    if (line?.isWrapped !== true) continue;
    const above = lines.get(row - 1);
    const isWhole =
      above !== undefined &&
      // The second half of a wide character has no content.
      (above.hasContent(columns - 1) !== 0 || above.getWidth(columns - 1) === 0);
    if (!isWhole || line.hasContent(0) === 0) line.isWrapped = false;
  }
}
