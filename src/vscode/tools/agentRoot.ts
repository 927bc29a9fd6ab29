import { HoldfastError } from '../../core/common/errors.ts';
import { isInside } from '../../core/permissions/places.ts';
import { foldersOnDisk, realFolders } from '../windowFolder.ts';

/**
 * Where the window's agents work, by its real path: its folder, if that is open. A `.code-workspace` file may lie beside
 * anything; then it is the first folder that is open.
 * @param folder of the window's store, see `requireWindowFolder`.
 * @throws HoldfastError `workspace.none` when no folder is open, or none of them is there.
 */
export function requireRoot(folder: string): string {
  const open = realFolders();
  const root = open.some((each) => isInside(folder, each)) ? folder : open[0];
  if (root !== undefined) return root;
  const [missing] = foldersOnDisk();
  throw new HoldfastError('workspace.none', 'no folder is open', {
    data: missing === undefined ? {} : { folder: missing.uri.fsPath },
  });
}
