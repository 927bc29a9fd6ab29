import { rmSync, statSync } from 'node:fs';
import { decompressFile } from './readJournal.ts';
import { keepBeside, publishNew, temporaryName, writeDurableSync } from './replaceJournal.ts';
import { syncDirectory, type SessionFiles } from './sessionFiles.ts';

/**
 * Makes a plain journal of a compressed one, to write into. Of several who do it at once the first one's stays. A
 * compressed file that is damaged is kept beside.
 * @throws HoldfastError `file.unreadable`, `disk.full`, `home.notWritable`; the compressed one stays then.
 */
export function decompressJournal(files: SessionFiles): void {
  const { bytes, isDamaged } = decompressFile(files.compressed);
  // Somebody else may have done it between our looks.
  if (statSync(files.compressed, { throwIfNoEntry: false }) === undefined) return;
  const temporary = temporaryName(files.plain);
  writeDurableSync(temporary, [bytes]);
  publishNew(temporary, files.plain);
  syncDirectory(files.directory);
  if (isDamaged) keepBeside(files.compressed, `${files.compressed}.damaged-${String(Date.now())}`);
  rmSync(files.compressed, { force: true });
}
