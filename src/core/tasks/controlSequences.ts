/** What a control sequence (ECMA-48, `CSI … final`) asks for; `\n` when a newline broke any sequence off. */
export type SequenceListener = (final: string, parameters: string) => void;

type State = 'none' | 'escape' | 'intermediate' | 'csi' | 'string' | 'string escape';

const ESC = 0x1b;
const NEWLINE = 0x0a;
/** Longer than any program means; what comes after is thrown away with the sequence. */
const MAX_PARAMETER_CHARS = 32;

/** The characters of C1, as two characters `ESC x` or as one of U+0080 to U+009F. */
const CSI = '['.charCodeAt(0);
const STRING_STARTS = new Set(Array.from('P]X^_', (char) => char.charCodeAt(0)));

/**
 * Reads over escape sequences, whole or in pieces. Strings (titles, links, clipboard, pictures: OSC, DCS, APC, PM, SOS)
 * are thrown away. A newline ends whatever was begun: in binary output an escape comes by chance, and no more than the
 * line should go with it.
 */
export class SequenceParser {
  #state: State = 'none';
  #parameters = '';

  get isInside(): boolean {
    return this.#state !== 'none';
  }

  reset(): void {
    this.#state = 'none';
  }

  /** Whether this control character begins a sequence. */
  tryBegin(code: number): boolean {
    if (code === ESC) this.#state = 'escape';
    else if (code >= 0x80 && code <= 0x9f) this.#beginC1(code - 0x40);
    return this.isInside;
  }

  /** Reads on from `index` until the sequence or the text ends; gives where to go on. */
  read(text: string, index: number, obey: SequenceListener): number {
    let at = index;
    while (at < text.length && this.isInside) {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === NEWLINE) {
        this.reset();
        obey('\n', '');
      } else if (code === 0x18 || code === 0x1a) {
        // CAN and SUB break a sequence off.
        this.reset();
      } else {
        this.#step(code, obey);
      }
    }
    return at;
  }

  #beginC1(code: number): void {
    if (code === CSI) {
      this.#state = 'csi';
      this.#parameters = '';
    } else {
      this.#state = STRING_STARTS.has(code) ? 'string' : 'none';
    }
  }

  #step(code: number, obey: SequenceListener): void {
    switch (this.#state) {
      case 'none':
        break;
      case 'escape':
      case 'intermediate':
        this.#stepEscape(code);
        break;
      case 'csi':
        this.#stepCsi(code, obey);
        break;
      case 'string':
        if (code === ESC) this.#state = 'string escape';
        // The bell ends a string too (xterm); U+009C is the one-character "string terminator".
        else if (code === 0x07 || code === 0x9c) this.reset();
        break;
      case 'string escape':
        // ESC \ ends the string; any other sequence does as well, and begins.
        if (code === 0x5c) this.reset();
        else this.#stepEscape(code);
        break;
    }
  }

  #stepEscape(code: number): void {
    if (code === ESC) this.#state = 'escape';
    else if (code >= 0x20 && code <= 0x2f) this.#state = 'intermediate';
    else if (this.#state === 'intermediate') this.reset();
    else this.#beginC1(code);
  }

  #stepCsi(code: number, obey: SequenceListener): void {
    if (code === ESC) this.#state = 'escape';
    else if (code >= 0x40) {
      this.reset();
      // A private sequence (`CSI ? … h`) has nothing to do with the public one of the same letter.
      const isPrivate = /^[<=>?]/.test(this.#parameters);
      if (code <= 0x7e && !isPrivate) obey(String.fromCharCode(code), this.#parameters);
    } else if (code >= 0x20 && this.#parameters.length < MAX_PARAMETER_CHARS) {
      this.#parameters += String.fromCharCode(code);
    }
  }
}
