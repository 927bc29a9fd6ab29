import { readWord, unknownWords, type Word } from './word.ts';
import { whyAssignmentAsks } from './assignments.ts';

/** A command that runs the command in its arguments. */
export interface Unwrapped {
  readonly inner: readonly Word[];
  /** Where the inner command's name stands in the outer words. */
  readonly innerIndex: number;
  /** The inner command alone decides; else the outer one needs an approval that names both. */
  readonly isTransparent: boolean;
  readonly concern: string | undefined;
}

interface Options {
  /** Letters without and with a value. */
  readonly flags: string;
  readonly valued: string;
  readonly longFlags?: readonly string[];
  readonly longValued?: readonly string[];
  /** Those whose value never is a word of its own. */
  readonly longJoined?: readonly string[];
  /** Words between the options and the command. */
  readonly positional?: number;
  readonly isTransparent?: boolean;
  readonly adds?: boolean;
}

const WRAPPERS = new Map<string, Options>([
  ['time', { flags: 'p', valued: '', isTransparent: true }],
  ['nohup', { flags: '', valued: '', isTransparent: true }],
  ['nice', { flags: '', valued: 'n', longValued: ['adjustment'], isTransparent: true }],
  ['ionice', { flags: 't', valued: 'cn', isTransparent: true }],
  ['setsid', { flags: 'fw', valued: '', isTransparent: true }],
  ['stdbuf', { flags: '', valued: 'ioe', isTransparent: true }],
  [
    'timeout',
    {
      flags: 'v',
      valued: 'ks',
      longFlags: ['preserve-status', 'foreground', 'verbose'],
      longValued: ['kill-after', 'signal'],
      positional: 1,
      isTransparent: true,
    },
  ],
  ['command', { flags: '', valued: '', isTransparent: true }],
  ['builtin', { flags: '', valued: '', isTransparent: true }],
  ['env', { flags: '', valued: '', isTransparent: true }],
  [
    'xargs',
    {
      flags: '0rtx',
      valued: 'nPLIds',
      longFlags: ['null', 'no-run-if-empty', 'verbose', 'exit'],
      longValued: ['max-args', 'max-procs', 'delimiter', 'max-chars'],
      longJoined: ['max-lines', 'replace'],
      isTransparent: true,
      adds: true,
    },
  ],
  ['sudo', { flags: 'EHnSbkPi', valued: 'ugCpD' }],
  ['doas', { flags: 'nL', valued: 'uC' }],
]);

/** What else runs its arguments, in ways of its own: never by an approval of the inner command. */
const RUNNERS = new Set(
  (
    'watch script flock chroot su runuser pkexec unshare nsenter systemd-run at batch crontab screen tmux parallel ' +
    'entr strace ltrace gdb lldb valgrind perf expect unbuffer chrt taskset cgexec firejail bwrap proot fakeroot ' +
    'faketime dbus-run-session dbus-launch ssh-agent busybox toybox run-parts start-stop-daemon daemonize setarch ' +
    'linux32 linux64 prlimit numactl sg newgrp catchsegv rlwrap xvfb-run nocorrect noglob socat ldd inotifywait watchexec nodemon onchange chokidar concurrently hyperfine ' +
    'chronic ifne pee gosu tini dumb-init chpst setpriv setuidgid envdir softlimit capsh rr heaptrack cross-env dotenv ' +
    'dotenvx env-cmd fakechroot eatmydata torsocks tsocks proxychains proxychains4 caffeinate sandbox-exec - exec coproc eval'
  ).split(' '),
);
const LOADER = /^ld(-linux.*|-musl.*)?\.so/;

export function isRunner(name: string): boolean {
  return RUNNERS.has(name) || LOADER.test(name);
}

/** Takes one wrapper away; undefined for a command that wraps none. */
export function unwrap(words: readonly Word[]): Unwrapped | undefined {
  const name = words[0]?.value;
  const options = name === undefined ? undefined : WRAPPERS.get(name.replace(/^.*\//, ''));
  if (options === undefined || name === undefined) return undefined;
  // `command -v node` only tells where node is.
  if (name === 'command' && /^-[vV]$/.test(words[1]?.value ?? '')) return undefined;
  const start = skipOptions(words, options);
  if (typeof start === 'string') return unclear(words, start);
  let innerIndex = start + (options.positional ?? 0);
  // A program of that name from anywhere may do anything.
  let concern = name.includes('/') ? 'it names a program by its path' : undefined;
  if (name === 'env' || name.endsWith('/env') || name === 'sudo') {
    for (let word = words[innerIndex]; word !== undefined; word = words[innerIndex]) {
      const [, variable, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word.raw) ?? [];
      if (variable === undefined || value === undefined) break;
      concern ??= whyAssignmentAsks({ name: variable, value: readWord(value) });
      innerIndex += 1;
    }
  }
  const inner = options.adds
    ? replaceMarks(words.slice(innerIndex), words.slice(1, start))
    : words.slice(innerIndex);
  if (inner[0] !== undefined && inner[0].value === undefined) {
    return unclear(words, 'what it runs is only known when it runs');
  }
  if (words.slice(start, innerIndex + 1).some(({ value }) => value === undefined)) {
    return unclear(words, 'what it runs is only known when it runs');
  }
  // Alone, it runs nothing.
  if (inner.length === 0 && !options.adds) return undefined;
  return {
    inner: options.adds ? [...inner, unknownWords] : inner,
    innerIndex,
    isTransparent: options.isTransparent === true,
    concern,
  };
}

/** `xargs -I{} echo a{}`: what stands for `{}` is only known at run time, wherever it stands. */
function replaceMarks(inner: readonly Word[], options: readonly Word[]): readonly Word[] {
  const marks = options.flatMap(({ value = '' }, index) => {
    const [, short, long] = /^(?:-[^-]*I(.*)|--replace(?:=(.*))?)$/s.exec(value) ?? [];
    const mark = short === '' ? options[index + 1]?.value : (short ?? long);
    return mark ?? (value.startsWith('--replace') ? '{}' : []);
  });
  return inner.map((word) => {
    const at = Math.min(
      ...marks.map((mark) => word.value?.indexOf(mark) ?? -1).filter((index) => index >= 0),
    );
    return Number.isFinite(at) ? unknownFrom(word, at) : word;
  });
}

/** A word that only the run completes; what stands behind the mark counts for nothing. */
function unknownFrom(word: Word, at: number): Word {
  const prefix = word.prefix.slice(0, at);
  const known = prefix === '' ? [] : [{ kind: 'text' as const, text: prefix }];
  const pieces = [...known, { kind: 'unknown' as const }];
  return { ...word, value: undefined, prefix, visible: prefix, pieces, maySplit: true };
}

/** Where the options end; or why that is not clear. */
function skipOptions(words: readonly Word[], options: Options): number | string {
  let index = 1;
  for (; index < words.length; index += 1) {
    const text = words[index]?.value;
    if (text === undefined) return 'what it runs is only known when it runs';
    if (text === '--') return index + 1;
    if (!text.startsWith('-') || text === '-') break;
    const step = stepOver(text, options);
    if (step === undefined) return `what its option ${text} does is not known here`;
    index += step;
  }
  return index;
}

/** How many further words an option takes; undefined for one we don't know. */
function stepOver(text: string, options: Options): number | undefined {
  if (text.startsWith('--')) {
    const [name = '', value] = text.slice(2).split('=', 2);
    if (options.longFlags?.includes(name)) return value === undefined ? 0 : undefined;
    if (options.longJoined?.includes(name)) return 0;
    if (options.longValued?.includes(name)) return value === undefined ? 1 : 0;
    return undefined;
  }
  const letters = text.slice(1);
  for (const [at, letter] of Array.from(letters).entries()) {
    if (options.valued.includes(letter)) return at === letters.length - 1 ? 1 : 0;
    if (!options.flags.includes(letter)) return undefined;
  }
  return 0;
}

function unclear(words: readonly Word[], concern: string): Unwrapped {
  return { inner: words.slice(1), innerIndex: words.length, isTransparent: false, concern };
}
