import os from 'node:os';
import type { RuleApproval } from './approval.ts';
import { formsOf } from './commandForms.ts';
import { findDenial } from './decidePath.ts';
import { locate, type Places } from './places.ts';
import type { SimpleCommand } from './shell/analysis.ts';
import { holdsDirectory } from './shell/options.ts';
import { expandBraces, pathCandidates, type Piece } from './shell/pieces.ts';
import { readWord, type Word } from './shell/word.ts';
import { findPossibleDenial, type WorkingDirectories } from './unknownFiles.ts';

/** What they are given is text, whatever it looks like. */
const TEXTUAL = new Set('echo printf test [ true false : expr seq sleep kill'.split(' '));
/** What they are named is a file, or nothing. */
const FILE_PROGRAMS = new Set(
  (
    'cat tac head tail less more bat nl od xxd hexdump strings base64 wc sort uniq cut paste rev sed awk gawk grep egrep ' +
    'fgrep rg diff cmp cp mv rm ln tee touch truncate install shred chmod chown unlink source . stat file md5sum ' +
    'sha1sum sha256sum bash sh zsh dash node python python3 perl ruby vim vi nano code open jq yq tar zip gzip'
  ).split(' '),
);
/** For each of them directories are read. */
const MAX_UNKNOWN_WORDS = 40;
/** The first thing that they are given is what they look for, or a script. */
const SEARCHING = new Set('grep egrep fgrep rg ag sed awk gawk jq yq'.split(' '));
const WRITERS = new Set(
  'cp mv rm ln tee touch truncate install shred chmod chown unlink dd sed patch rsync scp mkdir rmdir'.split(
    ' ',
  ),
);

/** A rule about files that an argument of a command falls under. */
export interface DeniedFile {
  readonly by: RuleApproval;
  readonly command: SimpleCommand;
  /** The program surely means the file; of others nobody knows what they do with the word. */
  readonly isCertain: boolean;
}

/** Rules about files that also say what commands may not touch; bare ones (`Read`) are about the tools of that name. */
export interface FileRules {
  readonly reading: readonly RuleApproval[];
  readonly writing: readonly RuleApproval[];
}

/** The first rule that names a file which a command is given; a certain one before others. */
export function findDeniedFile(
  rules: FileRules,
  commands: readonly SimpleCommand[],
  where: WorkingDirectories,
  places: Places,
): DeniedFile | undefined {
  const reading = rules.reading.filter(({ rule }) => rule.specifier !== undefined);
  const writing = rules.writing.filter(({ rule }) => rule.specifier !== undefined);
  if (reading.length + writing.length === 0) return undefined;
  let uncertain: DeniedFile | undefined;
  let wordsLeft = MAX_UNKNOWN_WORDS;
  for (const command of commands) {
    const [first, ...args] = formsOf(command.words).innermost;
    const program = first?.value?.replace(/^.*\//, '') ?? '';
    if (TEXTUAL.has(program)) continue;
    const meant = WRITERS.has(program) ? [...reading, ...writing] : reading;
    const isAboutFiles = FILE_PROGRAMS.has(program) || WRITERS.has(program);
    const texts = args.flatMap((word) => textsOfWord(program, word));
    const named = firstOf(texts, (text) => findNamed(meant, text, where, places));
    if (named !== undefined && isAboutFiles) return { by: named, command, isCertain: true };
    if (named !== undefined) uncertain ??= { by: named, command, isCertain: false };
    if (uncertain !== undefined) continue;
    const words = withoutSearched(program, args);
    wordsLeft -= words.filter(({ value }) => value === undefined).length;
    const by =
      wordsLeft < 0
        ? meant[0]
        : firstOf(words, (word) => findPossible(meant, word, isAboutFiles, where, places));
    if (by !== undefined) uncertain = { by, command, isCertain: false };
  }
  return uncertain;
}

function findNamed(
  rules: readonly RuleApproval[],
  text: string,
  { directories }: WorkingDirectories,
  places: Places,
): RuleApproval | undefined {
  const located = locate(text, directories);
  return 'paths' in located ? findDenial(rules, located.paths, places) : undefined;
}

/** A rule that may be about what a word turns out to be. */
function findPossible(
  rules: readonly RuleApproval[],
  word: Word,
  isAboutFiles: boolean,
  where: WorkingDirectories,
  places: Places,
): RuleApproval | undefined {
  const { value, visible, raw, hasBraces } = word;
  const pieces: readonly Piece[] = holdsDirectory(word) ? [{ kind: 'unknown' }] : word.pieces;
  const possible = (each: readonly Piece[]): RuleApproval | undefined =>
    findPossibleDenial(rules, each, where, places);
  if (value !== undefined) {
    // What is below a directory that is denied is not named one by one.
    const options = { isSearch: true };
    return isAboutFiles
      ? firstOf(textsOf(value), (text) => {
          const located = locate(text, where.directories);
          const paths = 'paths' in located ? located.paths : [];
          // A directory may be made before the command runs.
          const isClear = 'paths' in located && !where.isLost;
          return (
            findDenial(rules, paths, places, options) ??
            (isClear ? undefined : possible([{ kind: 'text', text }]))
          );
        })
      : undefined;
  }
  const expanded = hasBraces ? expandBraces(raw) : undefined;
  if (expanded !== undefined) {
    return firstOf(
      expanded.map((each) => readWord(each)),
      (each) =>
        firstOf(textsOfWord('', each), (text) => findNamed(rules, text, where, places)) ??
        findPossible(rules, each, isAboutFiles, where, places),
    );
  }
  if (!isAboutFiles && pieces.some(({ kind }) => kind === 'unknown')) {
    // Nobody knows what the program does with it; but what it is without its variables is no accident.
    return raw === '…'
      ? undefined
      : firstOf(textsOf(visible), (text) => findNamed(rules, text, where, places));
  }
  return firstOf(pathCandidates(pieces), possible);
}

/** Without the word that says what to look for: `grep "$WORD" file`. */
function withoutSearched(program: string, args: readonly Word[]): readonly Word[] {
  if (!SEARCHING.has(program)) return args;
  if (args.some(({ visible }) => /^-\w*[ef]|^--(regexp|file|from)/.test(visible))) return args;
  const searched = args.findIndex(({ visible }) => !visible.startsWith('-'));
  const word = args[searched];
  const isOne = word?.maySplit === false && word.variables.length > 0;
  return isOne ? args.filter((each) => each !== word) : args;
}

function firstOf<T, R>(each: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of each) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `~/x` is known, once the home directory is. */
function textsOfWord(
  program: string,
  { value, raw, visible, variables, hasGlob, hasBraces }: Word,
): string[] {
  const isInHome = /^~(\/|$)/.test(raw) && variables.length === 0 && !hasGlob && !hasBraces;
  // `git show HEAD:.env`
  const inCommit = program === 'git' ? /^[^:]+:(.+)$/s.exec(value ?? '')?.[1] : undefined;
  if (inCommit !== undefined) return textsOf(inCommit);
  return textsOf(value ?? (isInHome ? os.homedir() + visible.slice(1) : ''));
}

/** `secret.txt`, `--file=secret.txt`, `-fsecret.txt`, `@secret.txt`. */
function textsOf(value: string): string[] {
  const assigned = /^[^=]*=(.+)$/s.exec(value)?.[1];
  const joined = /^-[A-Za-z](.+)$/s.exec(value)?.[1];
  return [value, assigned, joined].flatMap((text) => {
    const path = text?.replace(/^@/, '') ?? '';
    return path === '' || path.startsWith('-') ? [] : [path];
  });
}
