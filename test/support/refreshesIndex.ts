// Brings the index of a home up to date, and says so; again and again with `forever`, making it anew each time.
//   node --import tsx refreshesIndex.ts HOME [forever]
import { rmSync, writeSync } from 'node:fs';
import { silentLog } from '../../src/core/common/log.ts';
import { indexFileIn } from '../../src/core/search/indexFile.ts';
import { refresh } from './searching.ts';

const [home = '', mode] = process.argv.slice(2);

writeSync(1, 'ready\n');
do {
  if (mode === 'forever') rmSync(indexFileIn(home), { force: true });
  const { readFiles } = await refresh(home, silentLog);
  writeSync(1, `${String(readFiles)}\n`);
} while (mode === 'forever');
