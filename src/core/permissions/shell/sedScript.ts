import type { Word } from './word.ts';

/** A character behind a backslash that means a class, a place, a group or itself; never the start of something longer. */
const ESCAPED = String.raw`\\[.*+?()|[\]{}^$sSwWbB<>1-9tn&/-]`;
const ADDRESS = String.raw`(?:\d+|\$|/(?:${ESCAPED}|[^/\\[\n;{}]|\[\^?\]?[^\]/\\\n;{}]*\])*/I?)`;
/** Of a substitution: up to its mark. A mark within brackets ends it for some programs, for others it does not. */
const PART = String.raw`(?:${ESCAPED}|(?!\k<mark>)[^\\[\n;{}]|\[\^?\]?(?:(?!\k<mark>)[^\]\\\n;{}])*\])*`;
const SUBSTITUTION = String.raw`s(?<mark>[/|#,@])${PART}\k<mark>${PART}\k<mark>[gIip\d]*`;
/** One command that only prints, deletes or replaces: none that runs, reads or writes something. */
const COMMAND = new RegExp(
  String.raw`\s*(?:${ADDRESS}(?:,${ADDRESS})?\s*!?\s*)?(?:${SUBSTITUTION}|[pd=qhHgGxnND])\s*(?:[;\n]|$)`,
  'y',
);
const FLAGS = /^-[nErsuz]+$/;
const TAKES_SCRIPT = /^-[nErsuz]*e$/;
const LONG_FLAGS = /^--(quiet|silent|regexp-extended|null-data|separate)$/;

/** Whether a call of sed does nothing but print, delete and replace, with what it is told in full view. */
export function isPlainSed(args: readonly Word[]): boolean {
  const scripts: (string | undefined)[] = [];
  const others: (string | undefined)[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const { value, prefix } = args[index] ?? { value: undefined, prefix: '-' };
    const text = value ?? prefix;
    if (!text.startsWith('-')) others.push(value);
    else if (value === undefined) return false;
    else if (TAKES_SCRIPT.test(value)) {
      index += 1;
      scripts.push(args[index]?.value);
    } else if (!FLAGS.test(value) && !LONG_FLAGS.test(value)) return false;
  }
  if (scripts.length === 0) scripts.push(others[0]);
  return scripts.every((script) => script !== undefined && isPlainScript(script));
}

function isPlainScript(script: string): boolean {
  COMMAND.lastIndex = 0;
  for (let from = 0; from < script.length; from = COMMAND.lastIndex) {
    COMMAND.lastIndex = from;
    if (!COMMAND.test(script)) return false;
  }
  return script.trim() !== '';
}
