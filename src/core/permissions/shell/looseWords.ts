import { holdsDirectory } from './options.ts';
import type { RiskContext } from './risks.ts';
import {
  expandBraces,
  isOpen,
  namesOf,
  pathCandidates,
  textOfPiece,
  type Piece,
} from './pieces.ts';
import { readWord, type Word } from './word.ts';

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
/** What curl sends: only behind an `@` it is the name of a file. */
const SENDS_TEXT = /^["']?\w[\w.-]*=[^@]*$/;
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
  context: RiskContext,
): string | undefined {
  const program = name.replace(/^.*\//, '');
  const end = HANDS_ON.has(program) ? words.findIndex(({ value }) => value === '--') : -1;
  const isPathFree = READERS.has(program) || REMOTE.has(program) || EXAMINED.has(program);
  for (const word of words.slice(0, end === -1 ? undefined : end)) {
    const option = [word.value ?? word.prefix, word.visible].find((text) => RUNS.test(text));
    if (option !== undefined) return `${name} ${option} may run another program`;
    if (isPathFree) continue;
    if (program === 'curl' && SENDS_TEXT.test(word.raw)) continue;
    const reason = whyWordAsks(word, context);
    if (reason !== undefined) return `${name} is told ${word.raw}, ${reason}`;
  }
  return undefined;
}

function whyWordAsks(word: Word, context: RiskContext): string | undefined {
  const { raw, value, visible, unquoted, hasBraces, pieces, variables } = word;
  // Some shells, and some programs, take `out=~/x` for an assignment, wherever it stands.
  if (raw.startsWith('~') || /^[^=]*=(.*:)?~/s.test(unquoted)) {
    return 'which lies elsewhere';
  }
  if (hasBraces) {
    const expanded = expandBraces(raw);
    return expanded === undefined
      ? 'which is only known when it runs'
      : firstReason(expanded, (each) => whyWordAsks(readWord(each), context));
  }
  if (holdsDirectory(word)) return 'which is only known when it runs';
  const written = firstReason(pathsIn(visible), context.whyWritingAsks);
  if (written !== undefined) return `and ${written}`;
  if (value !== undefined) return undefined;
  return firstReason(pathCandidates(pieces), (candidate) => {
    if (candidate.some(isOpen)) {
      const hasPattern = candidate.some(({ kind }) => kind === 'pattern');
      // What `xargs` puts in the place of its mark may be anything.
      return variables.length === 0 || hasPattern || mayLeadAway(candidate)
        ? 'which is only known when it runs'
        : undefined;
    }
    const found = context.whyPatternAsks(candidate);
    return found === undefined ? undefined : `and ${found}`;
  });
}

/**
 * A variable holds nothing, a name, or a path that begins anew; it does not hold a way upwards, since the line that would
 * set it so is asked about. So it matters where a path begins, beside a dot, and before a `..`.
 */
function mayLeadAway(pieces: readonly Piece[]): boolean {
  const [first] = pieces;
  if (first?.kind === 'unknown' || first?.kind === 'home') return true;
  let isOpened = false;
  return namesOf(pieces).some((name) => {
    const text = name.map(textOfPiece).join('');
    const isKnown = name.every(({ kind }) => kind === 'text');
    isOpened ||= !isKnown;
    const isDotted = name.length > 1 && name[0]?.kind === 'text' && text.startsWith('.');
    return isOpened && (isKnown ? text === '..' : /^\.+$/.test(text) || isDotted);
  });
}

function firstReason<T>(
  each: readonly T[],
  why: (one: T) => string | undefined,
): string | undefined {
  for (const one of each) {
    const reason = why(one);
    if (reason !== undefined) return reason;
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
