import { whyGitAsks } from './gitRisks.ts';
import { whyInterpreterAsks } from './interpreters.ts';
import { findRiskyOption, holdsDirectory, mayBeRisky } from './options.ts';
import { dropCharacters, isOpen, type Piece } from './pieces.ts';
import { programOf, RISKY_OPTIONS } from './riskyOptions.ts';
import type { Word } from './word.ts';
import { handsOn } from './looseWords.ts';
import { isReserved } from './reserved.ts';
import { isPlainSed } from './sedScript.ts';
import { isRunner } from './wrappers.ts';

/** Builtins that run text, or change what later words mean. */
const RISKY_BUILTINS = new Set(
  (
    'eval source . exec trap alias unalias enable hash bind complete compgen compopt mapfile readarray read getopts ' +
    'let declare typeset local export readonly unset set shopt setopt unsetopt pushd popd fc history chdir zmodload ' +
    'autoload emulate zle sched functions function coproc select'
  ).split(' '),
);

/** Behind `print` a `>` writes a file; before any it compares. */
const AWK_OUTPUT = /print[^]*>|\\[^]*>/;

/** They write, move or remove the files that they are given. */
const FILE_WRITERS = new Set(
  'cp mv rm rmdir mkdir touch ln install tee truncate shred chmod chown chgrp unlink patch'.split(
    ' ',
  ),
);

/** What the risk of a command depends on besides its words. */
export interface RiskContext {
  readonly isInside: (directory: string) => boolean;
  /** Why writing to a path has to be asked about. */
  readonly whyWritingAsks: (path: string) => string | undefined;
  /** The same for all that a pattern (`src/*.ts`) may find. */
  readonly whyPatternAsks: (pieces: readonly Piece[]) => string | undefined;
}

/** Why a single command has to be asked about whatever rule covers its name; undefined for most. */
export function whyCommandAsks(words: readonly Word[], context: RiskContext): string | undefined {
  const name = words[0]?.value?.replace(/^.*\//, '');
  if (name === undefined) return 'which program runs is only known when it runs';
  if (name === 'for' || isReserved(name)) return `"${name}" is no command`;
  if (name === 'set' && isHarmlessSet(words)) return undefined;
  if (RISKY_BUILTINS.has(name)) return `${name} changes what the shell does`;
  if (isRunner(name)) return `${name} runs other commands in a way of its own`;
  const args = words.slice(1);
  if (name === 'git') return whyGitAsks(args, context);
  const program = programOf(name);
  const end = handsOn(program) ? args.findIndex(({ value }) => value === '--') : -1;
  const own = args.slice(0, end === -1 ? undefined : end);
  return (
    (FILE_WRITERS.has(name) ? whyFilesAsk(name, args, context) : undefined) ??
    whyInterpreterAsks(name, args) ??
    whyOptionsAsk(program, program === 'tar' ? withDash(own) : own)
  );
}

function whyFilesAsk(
  name: string,
  args: readonly Word[],
  { whyWritingAsks, whyPatternAsks }: RiskContext,
): string | undefined {
  for (const { raw, value, prefix, pieces } of args) {
    if (value === undefined && pieces.some(isOpen)) {
      return `which files ${name} changes is only known when it runs (${raw})`;
    }
    const text = value ?? prefix;
    // The value of an option may be a path as well (`--target-directory=/etc`, `-t/etc`).
    const path = text.startsWith('-') ? text.replace(/^--?[^=/~.]*=?/, '') : text;
    const reason =
      value === undefined
        ? whyPatternAsks(dropCharacters(pieces, text.length - path.length))
        : path === ''
          ? undefined
          : whyWritingAsks(path);
    if (reason !== undefined) return `${name} would change ${raw}, and ${reason}`;
  }
  return undefined;
}

/** `set -e`, `set -euo pipefail`: only makes a failure count. */
export function isHarmlessSet(words: readonly Word[]): boolean {
  const text = words.map(({ value }) => value ?? '$').join(' ');
  return /^set( [-+][eux]+| [-+][eux]*o pipefail)+$/.test(text);
}

function whyOptionsAsk(name: string, args: readonly Word[]): string | undefined {
  if ((name === 'printf' || name === 'test' || name === '[') && evaluates(name, args)) {
    return `${name} -v evaluates what it is given`;
  }
  const risky = RISKY_OPTIONS.get(name);
  if (risky === undefined) return undefined;
  const isLax = (word: Word): boolean =>
    risky.isNuisance === true && word.prefix === '' && !word.hasBraces && !holdsDirectory(word);
  const free = args.find((word) => mayBeRisky(word, risky) && !isLax(word));
  if (free !== undefined) return `what ${name} is told is only known when it runs (${free.raw})`;
  const end = args.findIndex(({ value }) => value === '--');
  const glob = args
    .slice(0, end === -1 ? undefined : end)
    .find(({ value, prefix, hasGlob }) => value === undefined && hasGlob && prefix === '');
  if (glob !== undefined && !isLax(glob)) {
    return `a file that ${glob.raw} finds may have the name of an option of ${name} (./${glob.raw} may not)`;
  }
  const option = findRiskyOption(args, risky);
  if (option !== undefined) return `${name} ${option} may run another program or write elsewhere`;
  if (name === 'sqlite3') return whySqliteAsks(args);
  if (name === 'awk') return whyAwkAsks(args);
  return name !== 'sed' || isPlainSed(args)
    ? undefined
    : 'the sed script may run other programs or write files';
}

/** `printf -v NAME`, `test -v NAME`: the name may be an expression. */
function evaluates(name: string, args: readonly Word[]): boolean {
  const shape = name === 'printf' ? /^-v/ : /^-v$/;
  return args.some(
    ({ raw, value, prefix, visible, hasBraces }) =>
      shape.test(visible) ||
      (value === undefined && (prefix === '-' || (hasBraces && raw.includes('-')))),
  );
}

/** `tar xf` is `tar -xf`. */
function withDash(args: readonly Word[]): readonly Word[] {
  const [first, ...rest] = args;
  if (first === undefined || first.visible.startsWith('-') || first.prefix === '') return args;
  const { value, prefix, visible } = first;
  const dashed = value === undefined ? undefined : `-${value}`;
  return [{ ...first, value: dashed, prefix: `-${prefix}`, visible: `-${visible}` }, ...rest];
}

/** Its SQL is code when it comes from elsewhere, and some of its functions reach files and programs. */
function whySqliteAsks(args: readonly Word[]): string | undefined {
  const [, sql] = args.filter(({ value }) => !value?.startsWith('-'));
  if (sql?.value === undefined) return 'sqlite3 runs what it is sent';
  return /load_extension|writefile|edit\s*\(|^\s*\.|\n\s*\./i.test(sql.value)
    ? 'the SQL may run another program or write elsewhere'
    : undefined;
}

function whyAwkAsks(args: readonly Word[]): string | undefined {
  const program = args.find(
    ({ value, prefix }, index) =>
      !(value ?? prefix).startsWith('-') && !/^(-[Fv]|--.+)$/.test(args[index - 1]?.value ?? ''),
  );
  const isPlain = args.every(
    ({ value, hasGlob }) =>
      (value === undefined && hasGlob) ||
      (value !== undefined && !/system|getline|[|@]/.test(value) && !AWK_OUTPUT.test(value)),
  );
  const isKnown = program?.value !== undefined || args.every(({ value }) => value !== undefined);
  return isPlain && isKnown ? undefined : 'the awk program may run other programs or write files';
}
