import { findRiskyOption, type RiskyOptions } from './options.ts';
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
  long: 'upload-pack receive-pack exec open-files-in-pager extcmd ext-diff textconv output template config separate-git-dir smtp-server sendmail-cmd to-cmd cc-cmd gpg-sign'.split(
    ' ',
  ),
  words: /^(ext|fd)::|^--?(git-dir|work-tree)\b/,
};
const RISKY_SHORT = new Map([
  ['rebase', 'x'],
  ['grep', 'O'],
  ['clone', 'uc'],
  ['ls-remote', 'u'],
  ['difftool', 'x'],
  ['archive', 'o'],
  ['format-patch', 'o'],
]);
/** They run what they are given, or set what later commands run. */
const RISKY_SUBCOMMANDS = new Set(
  (
    'filter-branch daemon send-email difftool mergetool instaweb web--browse hook gui gitk citool credential ' +
    'remote-ext remote-fd maintenance fsmonitor--daemon shell upload-pack receive-pack upload-archive http-backend ' +
    'cvsserver p4 svn'
  ).split(' '),
);
const READS_CONFIG = /^(--get(-all|-regexp|-urlmatch)?|--list|-l|get|list)$/;

/** Why a git command has to be asked about. `isInside` says whether a directory is one of those that were approved. */
export function whyGitAsks(
  words: readonly Word[],
  isInside: (directory: string) => boolean,
): string | undefined {
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    const text = word?.value;
    if (text === undefined) return `what git does is only known when it runs (${word?.raw ?? ''})`;
    if (!text.startsWith('-')) break;
    if (text === '-C') {
      const directory = words[index + 1]?.value;
      if (directory === undefined || !isInside(directory)) {
        return 'git -C leads out of the directories that were approved';
      }
      index += 1;
    } else if (!GLOBAL_FLAGS.has(text)) return `git ${text} may change what git runs`;
  }
  const subcommand = words[index]?.value;
  return subcommand === undefined
    ? undefined
    : whySubcommandAsks(subcommand, words.slice(index + 1));
}

function whySubcommandAsks(subcommand: string, words: readonly Word[]): string | undefined {
  if (RISKY_SUBCOMMANDS.has(subcommand)) return `git ${subcommand} runs other programs`;
  const first = words[0]?.value ?? '';
  if (subcommand === 'bisect' && first === 'run') return 'git bisect run runs other programs';
  if (subcommand === 'submodule' && words.some(({ value }) => value === 'foreach')) {
    return 'git submodule foreach runs other programs';
  }
  if (subcommand === 'config' && !READS_CONFIG.test(first)) {
    return 'git config may change what git runs from now on';
  }
  const free = words.find((word) => word.hasBraces || (isFromVariable(word) && word.prefix === ''));
  if (free !== undefined) return `what git is told is only known when it runs (${free.raw})`;
  const short = RISKY_SHORT.get(subcommand);
  const risky = { ...RISKY, ...(short === undefined ? {} : { short, valued: 'mbn' }) };
  const end = words.findIndex(({ value }) => value === '--');
  const option = findRiskyOption(words.slice(0, end === -1 ? undefined : end), risky);
  return option === undefined
    ? undefined
    : `git ${subcommand} ${option} may run another program or write elsewhere`;
}

function isFromVariable(word: Word): boolean {
  return (
    word.value === undefined &&
    (word.variables.length > 0 || word.raw === '…' || (word.maySplit && !word.hasGlob))
  );
}
