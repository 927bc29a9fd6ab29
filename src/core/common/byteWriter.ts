const INITIAL_BYTES = 64 * 1024;
/** The encoder takes as long to begin as this many characters take without it. */
const SHORT = 32;

/** Collects a text byte by byte: several times as quick as a string of as many pieces, which is encoded at the end. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  text(text: string): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    this.#reserve(text.length * 3);
    if (text.length > SHORT || !this.#writeAscii(text))
      this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** What was written so far; valid until more is. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** False, and nothing is written, if there is anything else. */
  #writeAscii(text: string): boolean {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80) return false;
      this.#bytes[this.#length + at] = unit;
    }
    this.#length += text.length;
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
