const RESERVED = new Set(
  '! { } [[ ]] if then elif else fi case esac while until do done in foreach repeat end'.split(' '),
);

/** Whether a word at the beginning of a command belongs to the shell's grammar. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}
