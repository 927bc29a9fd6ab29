import type { Attributes } from './screenState.ts';

/** The sequence after which the pen has exactly these attributes. */
export function sgrOf(attributes: Attributes): string {
  const flags: readonly (readonly [number, number])[] = [
    [1, attributes.isBold()],
    [2, attributes.isDim()],
    [3, attributes.isItalic()],
    [4, attributes.isUnderline()],
    [5, attributes.isBlink()],
    [7, attributes.isInverse()],
    [8, attributes.isInvisible()],
    [9, attributes.isStrikethrough()],
    [53, attributes.isOverline()],
  ];
  const set = flags.flatMap(([parameter, isSet]) => (isSet === 0 ? [] : [parameter]));
  const parameters = [0, ...set, ...foreground(attributes), ...background(attributes)];
  return `\x1b[${parameters.join(';')}m`;
}

/** A cell of xterm.js packs its attributes into these: two numbers to compare in place of twenty calls. */
interface PackedAttributes {
  readonly fg: number;
  readonly bg: number;
}

/** Set in a packed background when there is more than the two numbers say. */
const HAS_MORE_ATTRIBUTES = 0x1000_0000;

export function isPacked(packedBackground: number): boolean {
  return (packedBackground & HAS_MORE_ATTRIBUTES) === 0;
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
