import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomicSync } from '../core/common/atomicFile.ts';
import { systemErrorCode } from '../core/common/errors.ts';
import { readJsonSync } from '../core/common/jsonFile.ts';
import type { Workspace } from '../core/store/workspace.ts';
import { seenRecordSchema, type SeenRecord } from '../core/tasks/awaySummary.ts';

function seenFile(workspace: Workspace): string {
  return path.join(workspace.directory, 'seen.json');
}

/** Remembers, for all windows on this workspace, what of its tasks has been shown. @throws HoldfastError `disk.full`, … */
export function writeSeen(workspace: Workspace, record: SeenRecord): void {
  writeFileAtomicSync(seenFile(workspace), `${JSON.stringify(record)}\n`, { isDurable: false });
}

/**
 * What the last window showed. Of several windows that open at once one gets it, since rename(2) moves a file away only
 * once; the others have nothing to tell. Undefined, too, for a file that cannot be read: a summary lost harms nobody.
 */
export function takeSeen(workspace: Workspace): SeenRecord | undefined {
  const taken = `${seenFile(workspace)}.${process.pid}`;
  try {
    renameSync(seenFile(workspace), taken);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const record = readJsonSync(taken, seenRecordSchema);
    return record.kind === 'ok' ? record.value : undefined;
  } finally {
    rmSync(taken, { force: true });
  }
}
