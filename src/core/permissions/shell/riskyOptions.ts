import type { RiskyOptions } from './options.ts';

const COMPILER = /^(-B|--?wrapper|-fplugin|--?specs|@|-Wl,.*plugin|-Xclang|-load)/;
const PLUGINS = /^(--?plugin|@)/;
const NPM_OPTIONS =
  'script-shell node-options prefix call global location globalconfig userconfig shell init-module git viewer browser editor cache logs-dir'.split(
    ' ',
  );
/** One dash is as good as two. */
const NPM_WORDS = /^-(C$|g$|scr|node-|pref|ca?l|glo|loc|userc|she|init-|git|view|brow|edit)/;

/** Programs some of whose options run, load or write something else. */
export const RISKY_OPTIONS: ReadonlyMap<string, RiskyOptions> = new Map<string, RiskyOptions>([
  ['find', { words: /^-(exec|execdir|ok|okdir|delete|fls|fprint|fprintf|fprint0|files0-from)$/ }],
  ['fd', { short: 'xX', valued: 'edtESjco', long: ['exec', 'exec-batch'] }],
  ['rg', { long: ['pre', 'hostname-bin'] }],
  [
    'tar',
    {
      // The list of `-T` may hold options.
      short: 'IFPT',
      long: 'files-from checkpoint-action to-command use-compress-program rsh-command info-script new-volume-script rmt-command absolute-names'.split(
        ' ',
      ),
    },
  ],
  ['sort', { short: 'o', valued: 'ktST', long: ['output', 'compress-program', 'files0-from'] }],
  ['split', { long: ['filter'] }],
  ['man', { short: 'PHCBX', long: ['pager', 'html', 'config-file', 'preprocessor', 'browser'] }],
  [
    'less',
    {
      // One word may hold several options, each with a dash of its own.
      words: /^[+]|^-([^-].*)?[oOkK]|^-.*[+$]/,
      long: 'log-file LOG-FILE lesskey-file lesskey-src lesskey-content lesskey-context'.split(' '),
    },
  ],
  ['tree', { short: 'oR', valued: 'PI', isNuisance: true }],
  [
    'yq',
    {
      short: 'is',
      valued: 'opIf',
      long: 'inplace in-place split-exp split-exp-file from-file'.split(' '),
    },
  ],
  ['base64', { short: 'o', long: ['output'], isNuisance: true }],
  ['date', { short: 's', valued: 'dfrIv', long: ['set'], isNuisance: true }],
  ['file', { short: 'C', valued: 'mfFeP', long: ['compile'], isNuisance: true }],
  ['lsof', { short: 'D', valued: 'isdpucg', isNuisance: true }],
  ['ag', { long: ['pager'] }],
  ['install', { long: ['strip-program'] }],
  ['unzip', { words: /^-[^-]*:/ }],
  ['rsync', { short: 'e', long: ['rsh', 'rsync-path', 'daemon'] }],
  ['ssh', { short: 'oFEI', words: /^-/ }],
  ['scp', { short: 'oSFD' }],
  ['sftp', { short: 'oSFDb' }],
  [
    'curl',
    {
      short: 'oOKTDcJ',
      valued: 'XHdubAeFmwrxyYCEPQtUz',
      long: 'output output-dir remote-name remote-name-all remote-header-name config upload-file dump-header cookie-jar trace trace-ascii stderr engine libcurl etag-save alt-svc hsts unix-socket abstract-unix-socket'.split(
        ' ',
      ),
      // What it sends is read from files, and `%output{…}` writes one.
      values: /@([~/]|\.\.\/)|^file:|%output/i,
      bareUntil: /[=/:]/,
    },
  ],
  [
    'wget',
    {
      short: 'OPaoie',
      long: 'output-document directory-prefix append-output output-file input-file execute use-askpass config post-file body-file save-cookies warc-file'.split(
        ' ',
      ),
    },
  ],
  [
    'make',
    {
      short: 'ECfI',
      valued: 'jl',
      bareUntil: /[=/]/,
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
  ['go', { words: /^--?(exec|toolexec|vettool|overlay|C|compiler|w)(=|$)|-ext(ld|ar)/ }],
  ['zip', { words: /^-[^-]*T|^--unzip-command|^-O$|^--output/ }],
  [
    'sqlite3',
    {
      short: 'i',
      words: /^-(cmd|init)$|^\.|\.(shell|system|import|output|once|load)/,
      bareUntil: /[=/]/,
    },
  ],
  ['psql', { short: 'cofv', long: ['command', 'output', 'file'] }],
  ['mysql', { short: 'e', long: ['execute', 'pager', 'tee'] }],
  ['sed', { short: 'fi', long: ['file', 'in-place'] }],
  [
    'awk',
    {
      short: 'fileEdpoDW',
      valued: 'Fv',
      long: 'file include load exec source dump-variables profile pretty-print debug'.split(' '),
    },
  ],
  ['pytest', { short: 'cop', long: ['override-ini', 'rootdir', 'confcutdir'] }],
  ['jq', { short: 'fL', long: ['from-file', 'rawfile', 'slurpfile'] }],
  ['dd', { words: /^of=/, bareUntil: /[=/]/ }],
  [
    'bat',
    {
      long: 'config-file generate-config-file pager lessopen target source'.split(' '),
      words: /^cache$/,
    },
  ],
  ['ack', { long: ['output', 'ackrc', 'env', 'pager'] }],
  ['fzf', { long: ['listen', 'bind', 'preview', 'become'] }],
  ['gcc', { words: COMPILER, valued: 'IDL' }],
  ['ar', { words: PLUGINS }],
  ['ld', { words: PLUGINS }],
  ['nm', { words: PLUGINS }],
  ['objdump', { words: PLUGINS }],
  ['cmake', { words: /^-[EP]|SHELL=/ }],
  ['just', { short: 'cf', long: ['shell', 'shell-arg', 'command', 'justfile', 'chooser', 'set'] }],
  ['rake', { short: 'efpE', long: ['execute', 'execute-print', 'execute-continue', 'rakefile'] }],
  ['mvn', { words: /^exec:|^-D(exec|argLine|jvm)/, bareUntil: /[=/]/ }],
  ['pip', { long: ['python'], words: /^config$/, bareUntil: /[=/]/ }],
  [
    'docker',
    { short: 'H', long: ['privileged', 'host', 'context', 'config', 'device', 'cap-add'] },
  ],
  ['hg', { long: ['config'], words: /^--?config/ }],
  ['svn', { long: ['config-option', 'diff-cmd', 'diff3-cmd', 'editor-cmd', 'config-dir'] }],
  [
    'pandoc',
    { short: 'FLd', long: ['filter', 'lua-filter', 'pdf-engine', 'defaults', 'data-dir'] },
  ],
  ['latex', { words: /write18|^--?(shell-escape|enable-write18|output-dir)/ }],
  ['magick', { words: /\||^(ephemeral|msl|mvg|mpr|label):/i }],
  ['gs', { words: /^-c$|%pipe%|^-d(NO|DELAY)SAFER/ }],
  ['nmap', { words: /^--script|^--datadir|^--interactive/ }],
  ['nc', { short: 'ec', long: ['exec', 'sh-exec', 'lua-exec'] }],
  ['tcpdump', { short: 'zwGC' }],
  ['ssh-keygen', { short: 'Dw' }],
  ['openssl', { words: /^--?(engine|provider|provider-path|config)$/ }],
  ['gpg', { long: ['exec-path', 'agent-program', 'dirmngr-program', 'photo-viewer', 'options'] }],
  ['kubectl', { long: ['kubeconfig'] }],
  ['gh', { words: /^--?(pager|editor|browser)/ }],
  ['terraform', { words: /^-plugin-dir|^-chdir=\// }],
]);
const ALIASES = new Map([
  ['gawk', 'awk'],
  ['mawk', 'awk'],
  ['nawk', 'awk'],
  ['gmake', 'make'],
  ['bsdtar', 'tar'],
  ['gtar', 'tar'],
  ['gsed', 'sed'],
  ['cc', 'gcc'],
  ['g++', 'gcc'],
  ['c++', 'gcc'],
  ['clang', 'gcc'],
  ['clang++', 'gcc'],
  ['objcopy', 'objdump'],
  ['ranlib', 'ar'],
  ['convert', 'magick'],
  ['mogrify', 'magick'],
  ['identify', 'magick'],
  ['ncat', 'nc'],
  ['netcat', 'nc'],
  ['podman', 'docker'],
  ['mvnw', 'mvn'],
  ['batcat', 'bat'],
  ['pip3', 'pip'],
  ['fdfind', 'fd'],
  ['more', 'less'],
]);

/** The entry under which a program stands in {@link RISKY_OPTIONS}. */
export function programOf(name: string): string {
  if (/^[a-z]*tex$/.test(name)) return 'latex';
  if (/^(gcc|g\+\+|clang|clang\+\+)-[\d.]+$/.test(name)) return 'gcc';
  return ALIASES.get(name) ?? name;
}
