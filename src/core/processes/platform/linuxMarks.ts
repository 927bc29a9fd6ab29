import {
  closeSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename } from 'node:path';

const COOKIE_NAME = Buffer.from('HOLDFAST_TASK=');

/** An environment may be a quarter of the stack limit (execve(2)), 2 MiB by default. */
const ENVIRON_MAX_BYTES = 8 << 20;
const BUFFER_BYTES = 64 << 10;

/** The owner's write bit of a /proc/PID/fd link says that the descriptor may write (proc_pid_fd(5)). */
const OPEN_FOR_WRITING = 0o200;

let buffer: Buffer | undefined;

/** The bytes of a /proc file, valid until the next call; empty if it cannot be read. */
export function readProcBytes(path: string): Buffer {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let target = buffer;
  let length = 0;
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return target.subarray(0, 0);
  }
  try {
    for (;;) {
      const count = readSync(fd, target, length, target.length - length, length);
      length += count;
      if (count === 0 || length < target.length || length >= ENVIRON_MAX_BYTES) break;
      // Only the odd giant needs more; it gets its own buffer, which is not kept.
      target = Buffer.concat([target], target.length * 2);
    }
  } catch {
    length = 0;
  } finally {
    closeSync(fd);
  }
  return target.subarray(0, length);
}

/** Every value of HOLDFAST_TASK in a block of NUL-ended `NAME=value` entries. */
export function cookiesIn(environ: Buffer): string[] {
  const cookies: string[] = [];
  let at = environ.indexOf(COOKIE_NAME);
  while (at >= 0) {
    const start = at + COOKIE_NAME.length;
    const nul = environ.indexOf(0, start);
    const end = nul < 0 ? environ.length : nul;
    if (at === 0 || environ[at - 1] === 0) cookies.push(environ.toString('utf8', start, end));
    at = environ.indexOf(COOKIE_NAME, end);
  }
  return cookies;
}

/** What a log is recognised by behind someone's descriptor. */
interface FileMark {
  readonly targets: ReadonlySet<string>;
  readonly nameEnd: string;
  readonly dev?: bigint;
  readonly ino?: bigint;
}

/** The file may be gone already (task deleted, disk removed): then only the link's text can tell. */
function markOf(path: string): FileMark {
  const paths = [path];
  let id: { dev: bigint; ino: bigint } | undefined;
  try {
    paths.push(realpathSync(path));
    const { dev, ino } = statSync(path, { bigint: true });
    id = { dev, ino };
  } catch {
    // Only the text is left to compare.
  }
  const targets = new Set(paths.flatMap((one) => [one, `${one} (deleted)`]));
  return { targets, nameEnd: `/${basename(path)}`, ...id };
}

/**
 * A link's text is compared first, as it needs no access to the file itself, which could hang on a dead network mount.
 * Inside a container the same file has another path: only a file of the same name is worth the stat.
 */
function isMarked(link: string, mark: FileMark): boolean {
  const target = readlinkSync(link);
  if (mark.targets.has(target)) return true;
  if (mark.ino === undefined || !target.endsWith(mark.nameEnd)) return false;
  const { dev, ino } = statSync(link, { bigint: true });
  return dev === mark.dev && ino === mark.ino;
}

function holdsForWriting(pid: number, mark: FileMark): boolean {
  const directory = `/proc/${pid}/fd`;
  let descriptors: string[];
  try {
    descriptors = readdirSync(directory);
  } catch {
    return false;
  }
  return descriptors.some((descriptor) => {
    const link = `${directory}/${descriptor}`;
    try {
      return isMarked(link, mark) && (lstatSync(link).mode & OPEN_FOR_WRITING) !== 0;
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}

export function findLinuxWriters(path: string, pids: readonly number[]): Set<number> {
  const mark = markOf(path);
  return new Set(pids.filter((pid) => holdsForWriting(pid, mark)));
}

export function readLinuxCookies(pids: readonly number[]): Map<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  for (const pid of pids) {
    const cookies = cookiesIn(readProcBytes(`/proc/${pid}/environ`));
    if (cookies.length > 0) found.set(pid, cookies);
  }
  return found;
}
