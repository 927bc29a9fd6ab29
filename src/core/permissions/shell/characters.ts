/** Invisible, or with an effect on its neighbours: what a person sees is not what runs. */
const HIDDEN = /[^\P{C}\t\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|[^\P{Zs} ]/u;
/** Looks like a quote, a dash, a slash, a bar or a mark of ASCII, without being a form of it. */
const LOOK_ALIKES =
  /[\u01c0\u01c3\u02b9-\u02bc\u02c8\u055d\u05c3\u0589\u2010-\u2015\u2018-\u201f\u2024\u2032-\u2037\u2039\u203a\u2044\u204e\u204f\u2212\u2215-\u2217\u2223\u2236\u223c\u2768-\u2775\u29f8\u29f9\ua4fd\ua4fe\ua78c]/u;
const OTHER_ALPHABETS =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const LATIN = /\p{Script=Latin}/u;
// eslint-disable-next-line no-control-regex -- this is the range of ASCII
const ASCII_ONLY = /^[\x00-\x7f]*$/;

/** Why the text may not be what it looks like, in words; undefined when its characters are honest. */
export function whyDeceptive(text: string): string | undefined {
  const hidden = HIDDEN.exec(text)?.[0];
  if (hidden !== undefined) return `it contains the invisible character ${codeOf(hidden)}`;
  if (ASCII_ONLY.test(text)) return undefined;
  for (const character of text) {
    if (ASCII_ONLY.test(character)) continue;
    // Full-width and styled letters, the Greek question mark, ligatures, …
    const plain = character.normalize('NFKC');
    if (/[!-~]/.test(plain)) return `${codeOf(character)} in it looks like "${plain}"`;
  }
  for (const [letters] of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    if (LATIN.test(letters) && OTHER_ALPHABETS.test(letters)) {
      return `"${letters}" mixes letters of different alphabets`;
    }
  }
  return undefined;
}

/** The same for text that stands outside of quotes, where punctuation has a meaning. */
export function whyDeceptiveUnquoted(text: string): string | undefined {
  const character = LOOK_ALIKES.exec(text)?.[0];
  return character === undefined
    ? undefined
    : `${codeOf(character)} in it looks like a character that means something to the shell`;
}

/** On Windows a line may be run by cmd.exe, for which a quote, a caret and a percent sign mean something else. */
export function whyOtherForCmd(text: string): string | undefined {
  const character = /['^%!]|\\"/.exec(text)?.[0];
  return character === undefined ? undefined : `cmd.exe reads ${character} otherwise than a shell`;
}

/** For messages: cut to a length, on one line, with nothing invisible in it. */
export function showText(text: string, maxCharacters = 80): string {
  const visible = Array.from(text.trim().replaceAll(/\s*\n\s*/g, '⏎ '))
    .map((character) => (HIDDEN.test(character) ? `<${codeOf(character)}>` : character))
    .slice(0, maxCharacters + 1);
  return visible.length > maxCharacters ? `${visible.slice(0, -1).join('')}…` : visible.join('');
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
