import type { IUnicodeVersionProvider, Terminal } from '@xterm/headless';

const VERSION = 'holdfast';

/** xterm.js packs what it has to know of a character: whether it joins the one before it, its width, and a state. */
const JOINS = 1;
const WIDTH_SHIFT = 1;
const WIDTH_MASK = 3;

/**
 * Makes a screen count emoji as two cells wide, as programs and the editor's terminal do. The widths that xterm.js
 * brings are those of Unicode 6, in which they are one.
 */
export function useWidthsOfToday(terminal: Terminal): void {
  const older = builtInWidths(terminal);
  const wcwidth = (code: number): 0 | 1 | 2 => {
    if (code < 0x2300) return older.wcwidth(code);
    return /^\p{Emoji_Presentation}$/u.test(String.fromCodePoint(code)) ? 2 : older.wcwidth(code);
  };
  terminal.unicode.register({
    version: VERSION,
    wcwidth,
    charProperties: (code, preceding) => {
      const width = wcwidth(code);
      const widthBefore = (preceding >> WIDTH_SHIFT) & WIDTH_MASK;
      // A combining character has the cell of what it combines with.
      const joins = width === 0 && preceding !== 0 && widthBefore > 0;
      return ((joins ? widthBefore : width) << WIDTH_SHIFT) | (joins ? JOINS : 0);
    },
  });
  terminal.unicode.activeVersion = VERSION;
}

/** xterm.js offers no way to ask a provider that it has. */
function builtInWidths(terminal: Terminal): IUnicodeVersionProvider {
  const { _core } = terminal as unknown as {
    _core: { unicodeService: { _providers: Record<string, IUnicodeVersionProvider> } };
  };
  const provider = _core.unicodeService._providers['6'];
  if (provider === undefined) throw new Error('xterm.js has no widths of Unicode 6');
  return provider;
}
