import { statSync } from 'node:fs';

/** How much of a file the file system really holds: its holes do not count. */
export function diskBytes(file: string): number {
  // stat(2) counts in units of 512 bytes, whatever the file system's own block size.
  return statSync(file).blocks * 512;
}
