import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** A slug as long as this gets a hash of the whole path in place of its end. */
const MAX_SLUG_CHARACTERS = 200;

/** Where Claude Code keeps its things: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function claudeDirectoryOf(environment: NodeJS.ProcessEnv): string {
  const chosen = environment['CLAUDE_CONFIG_DIR'];
  return chosen ? path.resolve(chosen) : path.join(homedir(), '.claude');
}

export function projectsDirectory(claudeDirectory: string): string {
  return path.join(claudeDirectory, 'projects');
}

/**
 * The name of the folder that has the transcripts of a working directory (a real path): every UTF-16 unit that is no
 * ASCII letter or digit is a `-`. Different directories may share one.
 */
export function projectSlug(directory: string): string {
  const slug = directory.replace(/[^A-Za-z0-9]/g, '-');
  if (slug.length <= MAX_SLUG_CHARACTERS) return slug;
  return `${slug.slice(0, MAX_SLUG_CHARACTERS)}-${hashOf(directory)}`;
}

/** Whether transcripts of a folder, or of one below it, may lie in a project's folder of this name. */
export function mayBelongTo(slug: string, folder: string): boolean {
  const own = folder.replace(/[^A-Za-z0-9]/g, '-').slice(0, MAX_SLUG_CHARACTERS);
  return slug === own || slug.startsWith(own.endsWith('-') ? own : `${own}-`);
}

/** Whether a directory is a folder or lies in it; both as real paths. */
export function isWithin(directory: string, folder: string): boolean {
  const relative = path.relative(folder, directory);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Claude Code resolves links before it names a project; a folder that is gone stays as it was written. */
export function realDirectory(directory: string): string {
  try {
    return realpathSync.native(directory);
  } catch {
    return path.resolve(directory);
  }
}

function hashOf(text: string): string {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return Math.abs(hash).toString(36);
}
