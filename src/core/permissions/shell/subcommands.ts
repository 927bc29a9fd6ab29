import { mayMean } from './options.ts';
import type { Word } from './word.ts';

/** Of git's own commands, those that no alias and no foreign program can stand for. */
const GIT_COMMANDS = new Set(
  (
    'add am annotate apply archive bisect blame branch bundle cat-file check-attr check-ignore check-mailmap ' +
    'check-ref-format checkout cherry cherry-pick clean clone commit commit-graph commit-tree config count-objects ' +
    'describe diff diff-files diff-index diff-tree difftool fetch for-each-ref format-patch fsck gc grep hash-object ' +
    'help init log ls-files ls-remote ls-tree merge merge-base merge-tree mergetool mv name-rev notes pack-refs ' +
    'prune pull push range-diff rebase reflog remote repack replace rerere reset restore rev-list rev-parse revert ' +
    'rm shortlog show show-branch show-ref sparse-checkout stash status stripspace submodule switch symbolic-ref tag ' +
    'update-index update-ref var verify-commit verify-pack verify-tag version whatchanged worktree write-tree'
  ).split(' '),
);
/** npm completes what is only begun (`npm exe`), so that only whole names are known. */
const NPM_COMMANDS = new Set(
  (
    'install i add ci install-test it run run-script test t tst start stop restart list ls ll la outdated audit view ' +
    'info show search version ping pack prune dedupe ddp rebuild update up upgrade uninstall un remove rm unlink link ' +
    'ln root bin fund doctor why explain query docs repo bugs whoami publish dist-tag deprecate help login logout'
  ).split(' '),
);
/** As git's: what is none of these is an alias, or a program that somebody has put in the path. */
const CARGO_COMMANDS = new Set(
  (
    'build b check c clean doc d new init add remove run r test t bench update search publish package fmt clippy ' +
    'metadata tree fix version vendor fetch rustc rustdoc generate-lockfile locate-project pkgid help'
  ).split(' '),
);
const GH_COMMANDS = new Set(
  (
    'api auth browse cache gist issue label org pr project release repo ruleset run search secret ssh-key status ' +
    'variable workflow help'
  ).split(' '),
);
const NPM_FLAGS =
  /^(-[sqdgy]|-ws|--(silent|quiet|verbose|json|yes|global|workspaces|if-present|version|help|no-[a-z-]+|[a-z-]+=.*)|-[vhl])$/;
/** Programs that take what is no command of theirs for an alias or for another program. `flags` may stand before it. */
const OWN_COMMANDS = new Map([
  ['npm', { commands: NPM_COMMANDS, flags: NPM_FLAGS }],
  [
    'cargo',
    {
      commands: CARGO_COMMANDS,
      flags: /^(-[vVqh]+|--(version|verbose|quiet|help|list|locked|offline|frozen))$/,
    },
  ],
  ['gh', { commands: GH_COMMANDS, flags: /^--(version|help)$/ }],
]);
/** What else runs a program that it is given, by the program that hands it on. */
const HANDED_ON = new Map([
  ['yarn', ['exec', 'dlx', 'create', 'node', 'config', 'plugin', 'set']],
  ['pnpm', ['exec', 'dlx', 'create', 'config', 'set', 'env', 'patch']],
  ['bun', ['x', 'create', 'repl', 'exec']],
  ['docker', ['run', 'exec', 'container']],
  ['podman', ['run', 'exec', 'container']],
  ['docker-compose', ['run', 'exec']],
  ['kubectl', ['exec', 'run', 'debug', 'cp', 'plugin']],
  ['go', ['tool', 'generate']],
  ['bundle', ['exec']],
  ['poetry', ['run']],
  ['pipenv', ['run']],
  ['pdm', ['run']],
  ['hatch', ['run']],
  ['uv', ['run', 'tool', 'x']],
  ['dotnet', ['exec', 'tool']],
  ['ip', ['netns', 'vrf']],
  ['mix', ['run', 'eval']],
  ['conda', ['run']],
  ['mamba', ['run']],
  ['micromamba', ['run']],
  ['pixi', ['run', 'exec']],
  ['rye', ['run']],
  ['mise', ['exec', 'x', 'run']],
  ['asdf', ['exec']],
  ['direnv', ['exec']],
  ['rbenv', ['exec']],
  ['pyenv', ['exec']],
  ['fnm', ['exec']],
  ['volta', ['run']],
  ['rustup', ['run']],
  ['nix', ['run', 'shell', 'develop']],
  ['devbox', ['run']],
  ['lerna', ['exec']],
  ['composer', ['exec', 'global']],
  ['op', ['run']],
  ['doppler', ['run']],
  ['lxc', ['exec']],
]);
const GROUPS = /^(-.*|workspaces?|compose)$/;

/**
 * How many words a rule has to spell out before its `:*` may stand for the rest. `Bash(git:*)` is about what git does;
 * it says nothing about `git st`, an alias for anything, and `Bash(npm:*)` nothing about `npm exec`.
 */
export function wordsToSpellOut(words: readonly Word[]): number {
  // Of a word that is only partly known, nobody knows what it is; unless its beginning says which option it is.
  const [name = '', ...args] = words.map(({ value, prefix }) =>
    value === undefined && !/^-.*=/s.test(prefix) ? '?' : (value ?? prefix),
  );
  if (name === 'git') return 1 + unknownGitCommand(args);
  const own = OWN_COMMANDS.get(name);
  if (own !== undefined) {
    const index = args.findIndex((text) => !own.flags.test(text));
    return index === -1 || own.commands.has(args[index] ?? '') ? 1 : index + 2;
  }
  const handedOn = HANDED_ON.get(name);
  if (handedOn === undefined) return 1;
  if (args[0] === '?') return 2;
  // Behind an option, any of the next words may be the one.
  const end = args.indexOf('--');
  const before = words.slice(1, end === -1 ? undefined : end + 1);
  const reach = GROUPS.test(before[0]?.visible ?? '') ? before : before.slice(0, 1);
  return 2 + reach.findIndex((word) => mayMean(word, handedOn));
}

/** How many words there are up to a subcommand that is not git's own; 0 when it is, or there is none. */
function unknownGitCommand(args: readonly string[]): number {
  let index = 0;
  while (args[index]?.startsWith('-')) index += args[index] === '-C' ? 2 : 1;
  const subcommand = args[index];
  return subcommand === undefined || GIT_COMMANDS.has(subcommand) ? 0 : index + 1;
}
