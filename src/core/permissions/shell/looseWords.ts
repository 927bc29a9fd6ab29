import type { RiskContext } from './risks.ts';
import type { Word } from './word.ts';

/** They only read what they are named; where they may do more (`sort -o`), their own options are looked at. */
const READERS = new Set(
  (
    'ls cat tac head tail wc nl rev cut tr fold expand column paste join comm cmp diff grep egrep fgrep rg ag ack find ' +
    'fd fdfind tree du df stat file sort od hexdump strings base64 md5sum sha1sum sha256sum sha512sum cksum b2sum ' +
    'realpath readlink basename dirname echo printf test [ which whereis type date jq yq less more bat man sed awk gawk ' +
    'mawk nawk gsed seq expr ps lsof id getent command'
  ).split(' '),
);
/** The paths that they are given are those of another machine. */
const REMOTE = new Set('ssh kubectl'.split(' '));
/** They have rules of their own about paths. */
const EXAMINED = new Set('git cp mv rm rmdir mkdir touch ln install tee truncate shred'.split(' '));
/** Behind `--` stands what they hand on to a script. */
const HANDS_ON = new Set('npm npx pnpm yarn cargo'.split(' '));
/** Options that run a program in most programs that have them. */
const RUNS =
  /^--?(exec|execute|eval|pager|command|shell|preview|bind|editor|browser|viewer|photo-viewer|rsh|wrapper|init-script|diff-cmd|merge-tool|use-askpass|askpass|shell-escape|strip-program|engine|on-download-[a-z]+)(=|$)/;

export function handsOn(program: string): boolean {
  return HANDS_ON.has(program);
}

/**
 * Why the words that a rule leaves open (`:*`, `*`) have to be asked about: who allows a program does not mean that it
 * writes elsewhere, or hands on to another. A rule that spells a word out is about that word.
 */
export function whyLooseWordsAsk(
  name: string,
  words: readonly Word[],
  { whyWritingAsks }: RiskContext,
): string | undefined {
  const program = name.replace(/^.*\//, '');
  const end = HANDS_ON.has(program) ? words.findIndex(({ value }) => value === '--') : -1;
  const isPathFree = READERS.has(program) || REMOTE.has(program) || EXAMINED.has(program);
  for (const word of words.slice(0, end === -1 ? undefined : end)) {
    const text = word.value ?? word.prefix;
    if (RUNS.test(text)) return `${name} ${text} may run another program`;
    if (isPathFree) continue;
    if (/^~/.test(word.raw)) return `${name} is told ${word.raw}, which lies elsewhere`;
    for (const path of pathsIn(text)) {
      const reason = whyWritingAsks(path);
      if (reason !== undefined) return `${name} is told ${word.raw}, and ${reason}`;
    }
  }
  return undefined;
}

/** `../x`, `-o../x`, `--out=../x`, `X=/y`, `@/etc/passwd`, `/:/mnt`: what a program may take for a path. */
function pathsIn(text: string): string[] {
  const joined = /^-[A-Za-z]([~/.].*)$/s.exec(text)?.[1];
  const assigned = /^[^=/]*=(.*)$/s.exec(text)?.[1];
  const whole = text.startsWith('-') ? undefined : text;
  return [joined, assigned, whole].flatMap((each) => {
    const path = each?.replace(/^@/, '') ?? '';
    return path === '' ? [] : [path.replace(/^([^:]*[/.~][^:]*):.*$/s, '$1')];
  });
}
