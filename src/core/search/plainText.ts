const ESCAPE = '\u001b';
/** Colours and cursor movements, titles and links, and other escape sequences of terminals (ECMA-48). */
const ESCAPE_SEQUENCES =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]*[0-Z\\`-~])/g;
/** Shorter ones may be names. */
const MIN_ENCODED_CHARACTERS = 1024;
const ENCODED = /^(?:data:[\w/+.;=-]*,)?[A-Za-z0-9+/_-]+=*$/;

/** The part of a text that somebody reads: no colours of terminals, and nothing of encoded pictures. */
export function plainText(text: string): string {
  if (text.length >= MIN_ENCODED_CHARACTERS && ENCODED.test(text)) return '';
  return text.includes(ESCAPE) ? text.replace(ESCAPE_SEQUENCES, '') : text;
}
