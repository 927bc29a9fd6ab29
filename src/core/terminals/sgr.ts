import type { Attributes } from './screenState.ts';

/** The sequence after which the pen has exactly these attributes. */
export function sgrOf(attributes: Attributes): string {
  const flags: readonly (readonly [number, number])[] = [
    [1, attributes.isBold()],
    [2, attributes.isDim()],
    [3, attributes.isItalic()],
    [5, attributes.isBlink()],
    [7, attributes.isInverse()],
    [8, attributes.isInvisible()],
    [9, attributes.isStrikethrough()],
    [53, attributes.isOverline()],
  ];
  const set = flags.flatMap(([parameter, isSet]) => (isSet === 0 ? [] : [parameter]));
  const parameters = [
    0,
    ...set,
    ...underline(attributes),
    ...foreground(attributes),
    ...background(attributes),
  ];
  return `\x1b[${parameters.join(';')}m`;
}

/** A cell of xterm.js packs its attributes into these: two numbers to compare in place of twenty calls. */
interface PackedAttributes {
  readonly fg: number;
  readonly bg: number;
  /** Of use only if `bg` says so. */
  readonly extended: {
    readonly _ext: number;
    readonly underlineColor: number;
    /** Zero for none. */
    readonly urlId: number;
  };
}

const IS_UNDERLINED = 0x1000_0000;
const UNDERLINE_STYLE = 0x1c00_0000;
const UNDERLINE_STYLE_SHIFT = 26;
const COLOR_MODE = 0x0300_0000;
const RGB = 0x0300_0000;
/** What the library makes of "the usual colour". */
const USUAL_COLOR = 0x03ff_ffff;

/** Set in a packed background when there is more than the two numbers say. */
const HAS_MORE_ATTRIBUTES = 0x1000_0000;

export function isPacked(packedBackground: number): boolean {
  return (packedBackground & HAS_MORE_ATTRIBUTES) === 0;
}

/** Which of the screen's links a cell is part of, or the pen writes; zero for none. */
export function linkIdOf(attributes: Attributes): number {
  const { bg, extended } = attributes as unknown as PackedAttributes;
  return isPacked(bg) ? 0 : extended.urlId;
}

/** Does as {@link sgrOf} does, and quickly for a cell like the one before. */
export class SgrReader {
  #fg = -1;
  #bg = -1;
  #sequence = '';

  of(cell: Attributes): string {
    const { fg, bg } = cell as unknown as PackedAttributes;
    if (fg === this.#fg && bg === this.#bg && isPacked(bg)) return this.#sequence;
    this.#fg = fg;
    this.#bg = bg;
    this.#sequence = sgrOf(cell);
    return this.#sequence;
  }
}

/** Not by `isUnderline`, which is true of every link: terminals underline those by themselves. */
function underline(attributes: Attributes): readonly (number | string)[] {
  const { fg, bg, extended } = attributes as unknown as PackedAttributes;
  if ((fg & IS_UNDERLINED) === 0) return [];
  if (isPacked(bg)) return [4];
  const style = (extended._ext & UNDERLINE_STYLE) >>> UNDERLINE_STYLE_SHIFT;
  return [style > 1 ? `4:${style}` : 4, ...underlineColor(extended.underlineColor)];
}

function underlineColor(color: number): readonly number[] {
  const mode = color & COLOR_MODE;
  if (mode === 0 || color === USUAL_COLOR) return [];
  return mode === RGB ? [58, 2, ...channels(color)] : [58, 5, color & 0xff];
}

function foreground(attributes: Attributes): readonly number[] {
  const color = attributes.getFgColor();
  if (attributes.isFgRGB()) return [38, 2, ...channels(color)];
  return attributes.isFgPalette() ? [38, 5, color] : [];
}

function background(attributes: Attributes): readonly number[] {
  const color = attributes.getBgColor();
  if (attributes.isBgRGB()) return [48, 2, ...channels(color)];
  return attributes.isBgPalette() ? [48, 5, color] : [];
}

function channels(color: number): readonly number[] {
  return [(color >> 16) & 0xff, (color >> 8) & 0xff, color & 0xff];
}
