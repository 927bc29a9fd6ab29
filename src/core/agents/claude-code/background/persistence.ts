import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/** Says that agents go on when the editor stops: in the environment, or in the file `.env` of the workspace's folder. */
export const PERSIST_VARIABLE = 'PERSIST_CLAUDE_SESSIONS';

/** What the log says where it is so. */
export const PERSISTED_NOTICE = 'Claude sessions persisted';

/**
 * Whether agents that are started in a folder outlive its last window: by the environment, else by the folder's `.env`.
 * Undefined where neither says anything.
 */
export function persistsClaudeSessions(
  environment: NodeJS.ProcessEnv,
  folder: string,
): boolean | undefined {
  return readSwitch(environment[PERSIST_VARIABLE]) ?? readSwitch(readDotEnv(folder));
}

function readDotEnv(folder: string): string | undefined {
  try {
    return parseEnv(readFileSync(path.join(folder, '.env'), 'utf8'))[PERSIST_VARIABLE];
  } catch {
    // There is none, or it is not for us to read.
    return undefined;
  }
}

function readSwitch(value: string | undefined): boolean | undefined {
  const word = value?.trim().toLowerCase();
  if (!word) return undefined;
  return ['true', '1', 'yes', 'on'].includes(word);
}
