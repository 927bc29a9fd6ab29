import { findRiskyOption, mayBeRisky, mayMean, type RiskyOptions } from './options.ts';
import type { RiskContext } from './risks.ts';
import type { Word } from './word.ts';

/** Options before the subcommand that are harmless; those with a directory are looked at. */
const GLOBAL_FLAGS = new Set([
  '--no-pager',
  '-P',
  '--no-optional-locks',
  '--literal-pathspecs',
  '--version',
  '--help',
  '-h',
  '-v',
]);

/** Options of any subcommand that run a program, or write wherever they are told to. */
const RISKY: RiskyOptions = {
  long: 'upload-pack receive-pack exec open-files-in-pager ext-diff textconv output output-directory template config separate-git-dir gpg-sign unsafe-paths git-dir work-tree'.split(
    ' ',
  ),
  values: /^(--[\w-]+=)?(ext|fd)::/,
};
const RISKY_SHORT = new Map<string, RiskyOptions>([
  ['rebase', { short: 'x', valued: 'sXC' }],
  ['grep', { short: 'O', valued: 'ABCmef' }],
  ['clone', { short: 'uc', valued: 'bo' }],
  ['ls-remote', { short: 'u' }],
  ['archive', { short: 'o' }],
  ['format-patch', { short: 'o' }],
]);
/** They write where they are told to. */
const WRITES_PATHS = new Set(['clone', 'init', 'worktree', 'bundle']);
/** No option of theirs does more than they do, so that a pattern may find a file that has the name of one. */
const OPTIONS_HARMLESS = new Set(
  'add rm mv checkout restore reset commit ls-files check-ignore stash'.split(' '),
);
/** With words that run what stands behind them. */
const RUNNING = new Map([
  ['bisect', ['run', 'visualize', 'view', 'replay']],
  ['submodule', ['foreach']],
]);
/** They change the files that they are given, anywhere in a repository that may be larger than the workspace. */
const CHANGES_FILES = new Set('rm mv clean checkout restore'.split(' '));
const ADDRESS = /^([a-z+]+:\/\/|[\w.-]+@[\w.-]+:)/;
/** They run what they are given, or set what later commands run. */
const RISKY_SUBCOMMANDS = new Set(
  (
    'filter-branch daemon send-email difftool mergetool instaweb web--browse hook gui gitk citool credential ' +
    'remote-ext remote-fd maintenance fsmonitor--daemon shell upload-pack receive-pack upload-archive http-backend ' +
    'cvsserver p4 svn merge-index for-each-repo credential-store credential-cache send-pack fetch-pack'
  ).split(' '),
);
const READS_CONFIG = /^(--get(-all|-regexp|-urlmatch)?|--list|-l|get|list)$/;

/** Why a git command has to be asked about; `words` are those behind `git`. */
export function whyGitAsks(words: readonly Word[], context: RiskContext): string | undefined {
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    const text = word?.value;
    if (text === undefined) return `what git does is only known when it runs (${word?.raw ?? ''})`;
    if (!text.startsWith('-')) break;
    if (text === '-C') {
      const directory = words[index + 1]?.value;
      if (directory === undefined || !context.isInside(directory)) {
        return 'git -C leads out of the directories that were approved';
      }
      index += 1;
    } else if (!GLOBAL_FLAGS.has(text)) return `git ${text} may change what git runs`;
  }
  const subcommand = words[index]?.value;
  return subcommand === undefined
    ? undefined
    : whySubcommandAsks(subcommand, words.slice(index + 1), context);
}

function whySubcommandAsks(
  subcommand: string,
  words: readonly Word[],
  { whyWritingAsks }: RiskContext,
): string | undefined {
  if (RISKY_SUBCOMMANDS.has(subcommand)) return `git ${subcommand} runs other programs`;
  const running = RUNNING.get(subcommand);
  const runs = running && words.find((word) => mayMean(word, running));
  if (runs !== undefined) return `git ${subcommand} ${runs.raw} runs other programs`;
  if (subcommand === 'config' && !readsConfig(words)) {
    return 'git config may change what git runs from now on';
  }
  const reason = whyOptionsAsk(subcommand, words);
  if (reason !== undefined) return reason;
  if (CHANGES_FILES.has(subcommand)) return whyFilesAsk(subcommand, words, whyWritingAsks);
  if (!WRITES_PATHS.has(subcommand)) return undefined;
  for (const { raw, value } of words) {
    if (value === undefined) return `where git ${subcommand} writes is only known when it runs`;
    const reason = ADDRESS.test(value) ? undefined : whyWritingAsks(value);
    if (reason !== undefined) return `git ${subcommand} is told ${raw}, and ${reason}`;
  }
  return undefined;
}

function whyFilesAsk(
  subcommand: string,
  words: readonly Word[],
  whyWritingAsks: RiskContext['whyWritingAsks'],
): string | undefined {
  for (const { raw, visible } of words) {
    const reason = /^(\/|(.*\/)?\.\.(\/|$))/.test(visible) ? whyWritingAsks(visible) : undefined;
    if (reason !== undefined) return `git ${subcommand} is told ${raw}, and ${reason}`;
    if (raw.startsWith('~')) return `git ${subcommand} is told ${raw}, which lies elsewhere`;
  }
  return undefined;
}

function whyOptionsAsk(subcommand: string, words: readonly Word[]): string | undefined {
  const risky = { ...RISKY, ...RISKY_SHORT.get(subcommand) };
  const free = words.find((word) => mayBeRisky(word, risky));
  if (free !== undefined) return `what git is told is only known when it runs (${free.raw})`;
  const end = words.findIndex(({ value }) => value === '--');
  const options = words.slice(0, end === -1 ? undefined : end);
  const glob = options.find(({ prefix, pieces }) => prefix === '' && pieces[0]?.kind === 'pattern');
  if (glob !== undefined && !OPTIONS_HARMLESS.has(subcommand)) {
    return `a file that ${glob.raw} finds may have the name of an option of git (./${glob.raw} may not)`;
  }
  const option = findRiskyOption(options, risky);
  return option === undefined
    ? undefined
    : `git ${subcommand} ${option} may run another program or write elsewhere`;
}

/** `git config --get user.name`, `git config user.name`. */
function readsConfig(words: readonly Word[]): boolean {
  const [first, second] = words.map(({ value }) => value ?? '');
  return (
    READS_CONFIG.test(first ?? '') || (second === undefined && /^\w[\w-]*\./.test(first ?? ''))
  );
}
