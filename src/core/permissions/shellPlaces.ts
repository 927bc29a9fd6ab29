import { formsOf } from './commandForms.ts';
import { isInPlaces, locate, protectedPartOf, type Places } from './places.ts';
import { realPathsOf } from './realPaths.ts';
import type { Redirection, ShellAnalysis } from './shell/analysis.ts';
import { specialFilesOf } from './globbedFiles.ts';
import { isParent, splitKnown } from './pathShape.ts';
import { textOfPiece, type Piece } from './shell/pieces.ts';
import type { RiskContext } from './shell/risks.ts';
import type { Word } from './shell/word.ts';

const MAX_DIRECTORIES = 8;
/** For each of them directories are read. */
const MAX_PATTERNS = 40;
const READS = /^<(&|<<)?$/;

/** A redirection with the files that it may be about. */
export interface LocatedRedirection {
  readonly isWriting: boolean;
  readonly paths: readonly string[];
  readonly target: Word;
  readonly concern: string | undefined;
}

/** Where a command line may be while it runs: it may change its directory under conditions. */
export interface Whereabouts {
  readonly directories: readonly string[];
  /** It begins outside of what was approved. */
  readonly isOutside: boolean;
  readonly concern: string | undefined;
}

export function whereaboutsOf(
  { commands, hasLoop }: ShellAnalysis,
  cwd: string,
  places: Places,
): Whereabouts {
  const start = realPathsOf(cwd, places.folder) ?? [];
  if (start.length === 0 || !start.every((each) => isInPlaces(places, each))) {
    const concern = 'it would run outside of the directories that were approved';
    return { directories: [cwd], isOutside: true, concern };
  }
  let directories: readonly string[] = start;
  let concern: string | undefined;
  for (const { words } of commands) {
    const [name, ...args] = formsOf(words).innermost;
    if (name?.value !== 'cd') continue;
    const next = changeDirectory(args, directories, places);
    if (typeof next === 'string') concern ??= next;
    else directories = [...new Set([...directories, ...next])];
    if (hasLoop) concern ??= 'where it changes to depends on how often';
    if (directories.length > MAX_DIRECTORIES) concern ??= 'it changes its directory too often';
    if (concern !== undefined) break;
  }
  return { directories, isOutside: false, concern };
}

/** Where `cd` may lead from any of the directories; or why that has to be asked about. */
function changeDirectory(
  args: readonly Word[],
  directories: readonly string[],
  places: Places,
): readonly string[] | string {
  const text = args.length === 1 ? args[0]?.value : undefined;
  if (text === undefined || text === '' || text.startsWith('-')) {
    return 'where cd leads is only known when it runs';
  }
  const found = locate(text, directories);
  return 'paths' in found && found.paths.every((each) => isInPlaces(places, each))
    ? found.paths
    : `cd ${text} leads out of the directories that were approved`;
}

/** What the risk of a command depends on, in any of these directories. */
export function riskContextOf(directories: readonly string[], places: Places): RiskContext {
  let patternsLeft = MAX_PATTERNS;
  return {
    isInside: (directory) => whyOutside(directory, directories, places) === undefined,
    whyWritingAsks: (path) => whyWritingAsks(path, directories, places),
    whyPatternAsks: (pieces) => {
      patternsLeft -= 1;
      return patternsLeft < 0
        ? 'it holds too many patterns'
        : whyPatternAsks(pieces, directories, places);
    },
  };
}

/** Why it has to be asked about to change all that a pattern may find. */
function whyPatternAsks(
  pieces: readonly Piece[],
  directories: readonly string[],
  places: Places,
): string | undefined {
  const { known, names } = splitKnown(pieces);
  const isHidden = names.some(([first], index) => {
    const text = names[index]?.map(textOfPiece).join('') ?? '';
    const isPattern = names[index]?.some(({ kind }) => kind === 'pattern') === true;
    return (
      isPattern &&
      (text.startsWith('.') || (first?.kind === 'pattern' && /^\[[!^]?\]?[^\]]*\./.test(text)))
    );
  });
  if (isHidden) return 'it may find a file that decides what runs or what is allowed';
  if (names.some(isParent)) return 'where .. leads behind a pattern is only known when it runs';
  const example = names.map((name) =>
    name.every(({ kind }) => kind === 'text') ? name.map(textOfPiece).join('') : 'x',
  );
  const written = whyWritingAsks(known + example.join('/') || '.', directories, places);
  if (written !== undefined) return written;
  const located = locate(known || '.', directories);
  if ('reason' in located) return located.reason;
  for (const directory of located.paths) {
    const found = specialFilesOf(names, directory);
    if (found === undefined) return 'it may find too many files to look at';
    const reason = found.map((each) => whyWritingAsks(each, directories, places)).find(Boolean);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

export function locateRedirection(
  { operator, target }: Redirection,
  directories: readonly string[],
  places: Places,
): LocatedRedirection {
  const isWriting = !READS.test(operator);
  const none = { isWriting, paths: [], target };
  const path = target.value;
  if (path === undefined) {
    return { ...none, concern: `where ${operator} ${target.raw} leads is only known when it runs` };
  }
  // For zsh the mark belongs to the operator, and the name begins behind it.
  if (path.startsWith('!'))
    return { ...none, concern: `shells differ in what ${operator}${path} means` };
  const isDescriptor = operator.endsWith('&') && /^\d+-?$|^-$/.test(path);
  if (isDescriptor || path === '/dev/null') return { ...none, concern: undefined };
  const located = locate(path, directories);
  const why = isWriting ? whyWritingAsks : whyOutside;
  const reason = why(path, directories, places);
  return {
    isWriting,
    target,
    paths: 'paths' in located ? located.paths : [],
    concern: reason === undefined ? undefined : `it redirects to ${path}, and ${reason}`,
  };
}

function whyWritingAsks(
  path: string,
  directories: readonly string[],
  places: Places,
): string | undefined {
  const outside = whyOutside(path, directories, places);
  if (outside !== undefined) return outside;
  const located = locate(path, directories);
  const paths = 'paths' in located ? located.paths : [];
  const guarded = paths.map((each) => protectedPartOf(places, each)).find(Boolean);
  return guarded === undefined ? undefined : `${guarded} decides what runs or what is allowed`;
}

function whyOutside(
  path: string,
  directories: readonly string[],
  places: Places,
): string | undefined {
  const located = locate(path, directories);
  if ('reason' in located) return located.reason;
  return located.paths.every((each) => isInPlaces(places, each))
    ? undefined
    : 'it lies outside of the directories that were approved';
}
