import { rmSync, statSync } from 'node:fs';
import { decompressFile } from './readJournal.ts';
import {
  damagedName,
  keepBeside,
  publishNew,
  temporaryName,
  writeDurableSync,
} from './replaceJournal.ts';
import { syncDirectory, type SessionFiles } from './sessionFiles.ts';

/**
 * Makes a plain journal of a compressed one, to write into. Of several who do it at once the first one's stays. A
 * compressed file that is damaged is kept beside; gives its name there.
 * @throws HoldfastError `file.unreadable`, `disk.full`, `home.notWritable`; the compressed one stays then.
 */
export function decompressJournal(files: SessionFiles): string | undefined {
  const { bytes, isDamaged } = decompressFile(files.compressed);
  // Somebody else may have done it between our looks.
  if (statSync(files.compressed, { throwIfNoEntry: false }) === undefined) return undefined;
  const temporary = temporaryName(files.plain);
  writeDurableSync(temporary, [bytes]);
  publishNew(temporary, files.plain);
  syncDirectory(files.directory);
  const damagedFile = isDamaged ? damagedName(files.compressed, Date.now()) : undefined;
  if (damagedFile !== undefined) keepBeside(files.compressed, damagedFile);
  rmSync(files.compressed, { force: true });
  return damagedFile;
}
