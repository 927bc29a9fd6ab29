import { realpathSync } from 'node:fs';
import path from 'node:path';
import { whyDeceptive } from './shell/characters.ts';
import { realPathsOf } from './realPaths.ts';

/** The directories that approvals are about, by their real paths. */
export interface Places {
  /** The workspace's folder; relative rules begin here. */
  readonly folder: string;
  /** The folder and the further directories that were approved. */
  readonly roots: readonly string[];
  /** Whoever writes here decides what Holdfast allows. */
  readonly protectedRoots: readonly string[];
}

/** What runs when a folder is opened or a shell starts, and what decides about permissions: an approval of its neighbours is none of these. */
const PROTECTED_NAMES = new Set(
  (
    '.git .hg .svn .vscode .idea .claude .holdfast .husky .devcontainer .cursor .direnv .envrc .mcp.json ' +
    '.gitmodules .gitconfig .npmrc .yarnrc .yarnrc.yml .yarn .pnpmfile.cjs .bashrc .bash_profile .bash_login ' +
    '.bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout .inputrc .ssh .gnupg .aws .netrc ' +
    '.ripgreprc .pre-commit-config.yaml .lefthook.yml .tool-versions .mise.toml .cargo .config .gdbinit .lldbinit ' +
    '.vimrc .exrc .nvimrc .nvim.lua .tmux.conf .screenrc .psqlrc .sqliterc .curlrc .wgetrc .pypirc .irbrc .pryrc ' +
    '.rprofile .kube .docker'
  ).split(' '),
);
const PROTECTED_ENDING = /\.code-workspace$/;

/** Directories that are not there any more are left out. */
export function createPlaces(
  workspaceFolder: string,
  directories: readonly string[] = [],
  protectedDirectories: readonly string[] = [],
): Places {
  const folder = tryRealPath(workspaceFolder) ?? path.resolve(workspaceFolder);
  return {
    folder,
    roots: [folder, ...directories.flatMap((each) => tryRealPath(each) ?? [])],
    protectedRoots: protectedDirectories.flatMap((each) => tryRealPath(each) ?? []),
  };
}

/** The real paths that a text may mean, from each of the directories it may be relative to; or why we cannot tell. */
export function locate(
  text: string,
  directories: readonly string[],
): { readonly paths: readonly string[] } | { readonly reason: string } {
  const deceptive = whyDeceptive(text);
  if (deceptive !== undefined) return { reason: deceptive };
  if (text === '') return { reason: 'it names no file' };
  const found = directories.map((directory) => realPathsOf(text, directory));
  if (found.some((paths) => paths === undefined))
    return { reason: 'nobody can tell where it leads' };
  return { paths: [...new Set(found.flatMap((paths) => paths ?? []))] };
}

export function isInPlaces(places: Places, realPath: string): boolean {
  return places.roots.some((root) => isInside(realPath, root));
}

export function isInside(realPath: string, root: string): boolean {
  const relative = path.relative(foldCase(root), foldCase(realPath));
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The part of a path that makes writing there a decision of its own; undefined when nothing does. */
export function protectedPartOf(places: Places, realPath: string): string | undefined {
  const own = places.protectedRoots.find((root) => isInside(realPath, root));
  if (own !== undefined) return path.basename(own);
  const root = places.roots.find((each) => isInside(realPath, each)) ?? path.parse(realPath).root;
  // By name whatever the case: the file system may not see the difference either.
  return path
    .relative(root, realPath)
    .split(path.sep)
    .find((part) => {
      const name = part.toLowerCase().replace(/[. ]+$/, '');
      return PROTECTED_NAMES.has(name) || PROTECTED_ENDING.test(name);
    });
}

/** File systems of these platforms usually hold `A` and `a` for the same. */
export function foldCase(text: string): string {
  return process.platform === 'darwin' || process.platform === 'win32' ? text.toLowerCase() : text;
}

function tryRealPath(directory: string): string | undefined {
  try {
    return realpathSync.native(directory);
  } catch {
    return undefined;
  }
}
