import { whyGitAsks } from './gitRisks.ts';
import { whyInterpreterAsks } from './interpreters.ts';
import { findRiskyOption, type RiskyOptions } from './options.ts';
import type { Word } from './word.ts';
import { isReserved } from './reserved.ts';
import { isRunner } from './wrappers.ts';

/** Builtins that run text, or change what later words mean. */
const RISKY_BUILTINS = new Set(
  (
    'eval source . exec trap alias unalias enable hash bind complete compgen compopt mapfile readarray read getopts ' +
    'let declare typeset local export readonly unset set shopt setopt unsetopt pushd popd fc history chdir zmodload ' +
    'autoload emulate zle sched functions function coproc select'
  ).split(' '),
);

const NPM_OPTIONS =
  'script-shell node-options prefix call globalconfig userconfig shell init-module git viewer browser editor cache logs-dir'.split(
    ' ',
  );
/** One dash is as good as two. */
const NPM_WORDS = /^-(C$|scr|node-|pref|ca?l|globalc|userc|she|init-|git|view|brow|edit)/;

/** Programs some of whose options run, load or write something else. */
const RISKY_OPTIONS = new Map<string, RiskyOptions>([
  ['find', { words: /^-(exec|execdir|ok|okdir|delete|fls|fprint|fprintf|fprint0|files0-from)$/ }],
  ['fd', { short: 'xX', long: ['exec', 'exec-batch'] }],
  ['fdfind', { short: 'xX', long: ['exec', 'exec-batch'] }],
  ['rg', { long: ['pre', 'hostname-bin'] }],
  [
    'tar',
    {
      short: 'IFP',
      long: 'checkpoint-action to-command use-compress-program rsh-command info-script new-volume-script rmt-command absolute-names'.split(
        ' ',
      ),
    },
  ],
  ['sort', { short: 'o', valued: 'kt', long: ['output', 'compress-program', 'files0-from'] }],
  ['split', { long: ['filter'] }],
  ['man', { short: 'PHC', long: ['pager', 'html', 'config-file', 'preprocessor'] }],
  ['less', { words: /^[+]|^-[^-]*[okK]|^--(log|lesskey)/ }],
  ['more', { words: /^[+]/ }],
  ['rsync', { short: 'e', long: ['rsh', 'rsync-path'] }],
  ['ssh', { short: 'oFEI', words: /^-/ }],
  ['scp', { short: 'oSFD' }],
  ['sftp', { short: 'oSFDb' }],
  [
    'curl',
    {
      short: 'oOKTDcJ',
      valued: 'XHdubAeFmwrxyYCEPQtUz',
      long: 'output output-dir remote-name remote-name-all remote-header-name config upload-file dump-header cookie-jar trace trace-ascii stderr engine libcurl etag-save alt-svc hsts'.split(
        ' ',
      ),
    },
  ],
  [
    'wget',
    {
      short: 'OPaoie',
      long: 'output-document directory-prefix append-output output-file input-file execute use-askpass config post-file body-file'.split(
        ' ',
      ),
    },
  ],
  [
    'make',
    {
      short: 'ECfI',
      long: ['eval', 'directory', 'file', 'makefile', 'include-dir'],
      // Variables: those that name programs, and values that make would run or expand.
      words:
        /^(\.?SHELL\w*|MAKE\w*|\w*(PATH|FLAGS|ENV|OPTIONS)|LD_\w+|GIT_\w+|CC|CXX|CPP|LD|AR|AS|NM|RM|INSTALL)\s*[:+?]*=|^[^=]*![:=]|^[^=\s]*=.*[^\w.,:@%+-]/,
    },
  ],
  [
    'npm',
    {
      short: 'c',
      long: NPM_OPTIONS,
      words: NPM_WORDS,
    },
  ],
  [
    'npx',
    {
      short: 'c',
      long: NPM_OPTIONS,
      words: NPM_WORDS,
    },
  ],
  ['pnpm', { short: 'cC', long: 'script-shell dir shell-mode node-options'.split(' ') }],
  ['yarn', { long: 'script-shell cwd use-yarnrc'.split(' ') }],
  ['cargo', { long: ['config', 'manifest-path'] }],
  ['go', { words: /^--?(exec|toolexec|vettool|overlay|C)(=|$)/ }],
  ['zip', { words: /^-[^-]*T|^--unzip-command|^-O$|^--output/ }],
  ['sqlite3', { short: 'i', words: /^-(cmd|init)$|^\.|\.(shell|system|import|output|once|load)/ }],
  ['psql', { short: 'cofv', long: ['command', 'output', 'file'] }],
  ['mysql', { short: 'e', long: ['execute', 'pager', 'tee'] }],
  ['sed', { short: 'fi', long: ['file', 'in-place'] }],
  [
    'awk',
    {
      short: 'fileEdpoD',
      valued: 'Fv',
      long: 'file include load exec source dump-variables profile pretty-print debug'.split(' '),
    },
  ],
  ['pytest', { short: 'cop', long: ['override-ini', 'rootdir', 'confcutdir'] }],
  ['docker', { long: ['privileged'] }],
  ['jq', { short: 'fL', long: ['from-file', 'rawfile', 'slurpfile'] }],
  ['dd', { words: /^of=/ }],
]);
const ALIASES = new Map([
  ['gawk', 'awk'],
  ['mawk', 'awk'],
  ['nawk', 'awk'],
  ['gmake', 'make'],
  ['bsdtar', 'tar'],
  ['gtar', 'tar'],
  ['gsed', 'sed'],
  ['pip3', 'pip'],
]);
const SED_SCRIPT =
  /^(\d+|\$|\/[^/\\]*\/)?(,(\d+|\$|\/[^/\\]*\/))?(s([/|#,@])((?!\5)[^\\;{}\n])*\5((?!\5)[^\\;{}\n])*\5[gIip\d]*|[pd=q])$/;

/** Behind `--` stands what they hand on to a script. */
const HANDS_ON = new Set(['npm', 'npx', 'pnpm', 'yarn', 'cargo']);
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
  if (FILE_WRITERS.has(name)) return whyFilesAsk(name, args, context);
  const program = ALIASES.get(name) ?? name;
  const end = HANDS_ON.has(program) ? args.findIndex(({ value }) => value === '--') : -1;
  return (
    whyInterpreterAsks(name, args) ??
    whyOptionsAsk(program, args.slice(0, end === -1 ? undefined : end))
  );
}

function whyFilesAsk(
  name: string,
  args: readonly Word[],
  { whyWritingAsks }: RiskContext,
): string | undefined {
  for (const { raw, value, prefix, hasGlob, hasBraces } of args) {
    if (value === undefined && (hasBraces || (prefix === '' && !(hasGlob && /^[*?[]/.test(raw))))) {
      return `which files ${name} changes is only known when it runs (${raw})`;
    }
    const text = value ?? prefix;
    // The value of an option may be a path as well (`--target-directory=/etc`, `-t/etc`).
    const path = text.startsWith('-') ? text.replace(/^--?[^=/~.]*=?/, '') : text;
    const reason = path === '' ? undefined : whyWritingAsks(path);
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
  if (
    (name === 'printf' || name === 'test' || name === '[') &&
    args.some(({ value }) => value === '-v')
  ) {
    return `${name} -v evaluates what it is given`;
  }
  const risky = RISKY_OPTIONS.get(name);
  if (risky === undefined) return undefined;
  const free = args.find(
    ({ value, prefix, hasBraces }) => value === undefined && (prefix === '' || hasBraces),
  );
  if (free !== undefined && !free.hasGlob && !free.raw.startsWith('~')) {
    return `what ${name} is told is only known when it runs (${free.raw})`;
  }
  const option = findRiskyOption(args, risky);
  if (option !== undefined) return `${name} ${option} may run another program or write elsewhere`;
  if (name === 'awk') return whyAwkAsks(args);
  return name === 'sed' ? whySedAsks(args) : undefined;
}

function whyAwkAsks(args: readonly Word[]): string | undefined {
  const isPlain = args.every(
    ({ value, hasGlob }) =>
      (value === undefined && hasGlob) ||
      (value !== undefined && !/system|getline|[|>@]/.test(value)),
  );
  return isPlain ? undefined : 'the awk program may run other programs or write files';
}

function whySedAsks(args: readonly Word[]): string | undefined {
  const programs = args.filter(({ value = '' }) => !/^-([nErsuz]+|e)$/.test(value));
  const isPlain = SED_SCRIPT.test(programs[0]?.value ?? '');
  const hasSeveral = args.some(({ value }) => value === '-e' || value?.startsWith('--expression'));
  return isPlain && !hasSeveral
    ? undefined
    : 'the sed script may run other programs or write files';
}
