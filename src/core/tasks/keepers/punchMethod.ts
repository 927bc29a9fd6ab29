import { closeSync, fstatSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { writeFileAtomicSync } from '../../common/atomicFile.ts';
import { readSmallFileSync } from '../../common/jsonFile.ts';
import { currentBootId } from '../../processes/identity.ts';

/** How the front of a log is given back to the file system while its writer goes on. */
export type PunchMethod = 'fallocate' | 'perl';

const methods: readonly PunchMethod[] = ['fallocate', 'perl'];

const PROBE_BYTES = 1024 * 1024;
const found = new Map<string, Promise<PunchMethod | undefined>>();

/**
 * The way that works on the file system of the home, found by doing it once to a file of one MiB and looking whether
 * it got smaller; undefined where there is none. fallocate is util-linux (that of BusyBox cannot); on macOS, perl gets
 * at F_PUNCHHOLE of fcntl(2). What was found is kept in the home until the next boot.
 */
export function findPunchMethod(home: string): Promise<PunchMethod | undefined> {
  const known = found.get(home);
  if (known !== undefined) return known;
  const finding = findInHome(home);
  found.set(home, finding);
  finding.catch(() => found.delete(home));
  return finding;
}

async function findInHome(home: string): Promise<PunchMethod | undefined> {
  const file = path.join(home, 'punch-method');
  const [bootId, method] = (readSmallFileSync(file) ?? '').trim().split(' ');
  if (bootId === currentBootId()) return methods.find((known) => known === method);
  const probed = await probePunchMethod(home);
  writeFileAtomicSync(file, `${currentBootId()} ${probed ?? 'none'}\n`, { isDurable: false });
  return probed;
}

async function probePunchMethod(home: string): Promise<PunchMethod | undefined> {
  const method: PunchMethod = process.platform === 'darwin' ? 'perl' : 'fallocate';
  const directory = mkdtempSync(path.join(home, 'probe-'));
  const file = path.join(directory, 'hole');
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeSync(descriptor, Buffer.alloc(PROBE_BYTES, 0x20));
    fsyncSync(descriptor);
    const before = fstatSync(descriptor).blocks;
    const [program, argv] = punchCommand(method, file, PROBE_BYTES / 2);
    const result = await execa(program, argv, { reject: false, stdio: 'ignore' });
    const after = fstatSync(descriptor);
    const works = result.exitCode === 0 && after.size === PROBE_BYTES && after.blocks < before;
    return works ? method : undefined;
  } finally {
    closeSync(descriptor);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The same commands as in keeper/watch.sh. */
function punchCommand(method: PunchMethod, file: string, lengthBytes: number): [string, string[]] {
  const length = String(lengthBytes);
  if (method === 'fallocate') {
    return ['fallocate', ['--punch-hole', '--offset', '0', '--length', length, file]];
  }
  const script =
    'open(my $f, "+<", $ARGV[0]) or exit 1; my $hole = pack("LLqq", 0, 0, 0, $ARGV[1]); fcntl($f, 99, $hole) or exit 1';
  return ['perl', ['-e', script, file, length]];
}
