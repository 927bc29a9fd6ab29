import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { systemErrorCode } from '../../src/core/common/errors.ts';
import { tempDir } from './tempDir.ts';

/** A file system of a few MiB that a test may fill. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all room but some pages of 4 KiB. */
  fill(pagesLeft?: number): void;
  free(): void;
}

/**
 * Mounts a small tmpfs for one test. Undefined where that takes rights we don't have: the test is skipped then, but
 * not where it runs as root on a build machine.
 */
export async function mountSmallDisk(
  test: TestContext,
  sizeMiB = 4,
): Promise<SmallDisk | undefined> {
  const directory = path.join(await tempDir(test), 'disk');
  try {
    execFileSync('mkdir', [directory]);
    const options = `size=${sizeMiB}m,mode=0700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', directory], { stdio: 'pipe' });
  } catch (error) {
    if (process.getuid?.() === 0 && process.env['CI'] !== undefined) throw error;
    process.stderr.write('Not tested: mounting a small file system is not allowed here.\n');
    test.skip('mounting is not allowed here');
    return undefined;
  }
  const ballast = path.join(directory, 'ballast');
  return {
    path: directory,
    fill(pagesLeft = 0) {
      const page = Buffer.alloc(4096, 0x20);
      try {
        for (;;) writeFileSync(ballast, page, { flag: 'a' });
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOSPC') throw error;
      }
      if (pagesLeft > 0) execFileSync('truncate', ['-s', `-${pagesLeft * 4096}`, ballast]);
    },
    free() {
      rmSync(ballast, { force: true });
    },
  };
}

/** To be called by a hook that comes after everything on the disk has ended, and before its directory is removed. */
export function unmount(disk: SmallDisk | undefined): void {
  if (disk !== undefined) execFileSync('umount', [disk.path]);
}
