import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  settingsFilesOf,
  type SettingsFiles,
} from '../../core/agents/claude-code/holdfastParts.ts';
import { realDirectory } from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import type { TaskHost } from '../../core/tasks/taskHost.ts';
import { foldersOnDisk } from '../windowFolder.ts';

/** A folder of this window, by the name that the editor has for it, and the settings of Claude Code in it. */
export interface FolderFiles {
  readonly name: string;
  readonly files: SettingsFiles;
}

/**
 * Claude Code reads the settings of the folder that it is started in: any of the window's, and never the one that a
 * `.code-workspace` file lies in.
 */
export function filesOfFolders({ workspace, environment }: TaskHost): FolderFiles[] {
  const open = foldersOnDisk()
    .map(({ name, uri }) => ({ name, folder: uri.fsPath }))
    .filter(({ folder }) => existsSync(folder));
  const instead = { name: path.basename(workspace.folder), folder: workspace.folder };
  return (open.length === 0 ? [instead] : open).map(({ name, folder }) => ({
    name,
    files: settingsFilesOf('workspace', realDirectory(folder), environment),
  }));
}

/** Those that count for all folders. */
export function filesOfUser({ workspace, environment }: TaskHost): SettingsFiles {
  return settingsFilesOf('user', workspace.folder, environment);
}
