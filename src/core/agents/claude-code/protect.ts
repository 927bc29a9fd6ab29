import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import {
  PRIVATE_DIRECTORY_MODE,
  PRIVATE_FILE_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../common/atomicFile.ts';
import { HoldfastError, systemErrorCode, unreadable } from '../../common/errors.ts';
import { readJsonSync } from '../../common/jsonFile.ts';
import { ensureHome } from '../../store/home.ts';
import { holdfastParts, type HoldfastParts, type SettingsFiles } from './holdfastParts.ts';
import {
  addToMcp,
  addToSettings,
  hasMcpServer,
  readSettings,
  removeFromMcp,
  removeFromSettings,
} from './settingsText.ts';

/** Whether Claude Code's settings have what is ours. */
export interface Protection {
  readonly isProtected: boolean;
  readonly hasMcpServer: boolean;
  /** The user's own shell prefix, which goes on to be used. */
  readonly ownPrefix: string | undefined;
  /** The programs that the settings name are there. */
  readonly isInstalled: boolean;
}

/** What became of one file of settings. */
export interface FileChange {
  readonly path: string;
  /** `restored`: it is again, byte for byte, what it was before. */
  readonly kind: 'created' | 'changed' | 'unchanged' | 'restored' | 'removed';
  /** A copy of what it was before. */
  readonly backup?: string;
}

/** What a file was before we changed it; `<home>/claude-code/settings/<hash of its path>.json`. */
const beforeSchema = v.looseObject({
  v: v.literal(1),
  path: v.string(),
  /** Null when there was none. */
  backup: v.nullable(v.string()),
  /** The directory that was made for it. */
  madeDirectory: v.nullable(v.string()),
  /** Of the text that we wrote: as long as it is this, the backup is what belongs in its place. */
  writtenSha256: v.string(),
});

/** @throws HoldfastError `claude.settingsInvalid`, `file.unreadable`. */
export function readProtection(home: string, files: SettingsFiles): Protection {
  const parts = holdfastParts(home);
  const state = readSettings(readText(files.settings) ?? '', files.settings, parts);
  const { mcp } = files;
  return {
    isProtected: state.hasPrefix && state.hasHooks,
    hasMcpServer: mcp !== undefined && hasMcpServer(readText(mcp) ?? '', mcp),
    ownPrefix: state.ownPrefix,
    isInstalled: [parts.prefix, parts.hook, parts.launcher].every((file) => existsSync(file)),
  };
}

/**
 * Writes what is ours into Claude Code's settings of one place or of several. All texts are made before the first is
 * written.
 * @throws HoldfastError `claude.settingsInvalid` (nothing is written then), `file.unreadable`, `home.unsafe`,
 *   `home.notWritable`, `disk.full`.
 */
export function protect(home: string, ...places: readonly SettingsFiles[]): FileChange[] {
  ensureHome(home);
  const parts = holdfastParts(home);
  const edits = places.flatMap((files) => changesIn(files, parts)).map(editOf);
  return edits.map((edit) => {
    if (edit.before === edit.after) return { path: edit.file, kind: 'unchanged' };
    return write(home, edit);
  });
}

interface Edit {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
  /** A part of ours is there already: what it was before is no state to go back to, unless all of it is what we wrote. */
  readonly hadOurs: boolean;
}

function editOf({ file, add, remove }: Change): Edit {
  const before = readText(file);
  const hadOurs = before !== undefined && remove(before) !== before;
  return { file, before, after: add(before ?? ''), hadOurs };
}

/** How what is ours gets into a file, and out of it. */
interface Change {
  readonly file: string;
  readonly add: (text: string) => string;
  /** As `removeFromSettings`. */
  readonly remove: (text: string, original?: string) => string | undefined;
}

function changesIn({ settings, mcp }: SettingsFiles, parts: HoldfastParts): Change[] {
  const enableMcp = mcp !== undefined;
  const inSettings: Change = {
    file: settings,
    add: (text) => addToSettings(text, settings, parts, { enableMcp }),
    remove: (text, original) => removeFromSettings(text, settings, parts, original),
  };
  if (mcp === undefined) return [inSettings];
  const inMcp: Change = {
    file: mcp,
    add: (text) => addToMcp(text, mcp, parts),
    remove: (text, original) => removeFromMcp(text, mcp, original),
  };
  return [inSettings, inMcp];
}

/**
 * Takes what is ours out of Claude Code's settings again: a file that nobody has changed since becomes what it was,
 * byte for byte; from another only what is ours is taken.
 * @throws HoldfastError as {@link protect}.
 */
export function unprotect(home: string, files: SettingsFiles): FileChange[] {
  return changesIn(files, holdfastParts(home)).map((change) => restore(home, change));
}

function write(home: string, { file, before, after, hadOurs }: Edit): FileChange {
  const record = recordFile(home, file);
  const earlier = readJsonSync(record, beforeSchema);
  const known = earlier.kind === 'ok' ? earlier.value : undefined;
  const isNew = before !== undefined && !hadOurs;
  const backup = isNew ? freeName(backupName(file)) : (known?.backup ?? null);
  const target = targetOf(file);
  const madeDirectory = known?.madeDirectory ?? makeDirectory(path.dirname(target));
  const mode = fileMode(file);
  if (isNew && backup !== null) writeFileAtomicSync(backup, before, { mode });
  mkdirSync(path.dirname(record), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  const isKnown = !hadOurs || (before !== undefined && sha256(before) === known?.writtenSha256);
  const writtenSha256 = isKnown ? sha256(after) : '';
  writeFileAtomicSync(
    record,
    `${JSON.stringify({ v: 1, path: file, backup, madeDirectory, writtenSha256 })}\n`,
  );
  writeFileAtomicSync(target, after, { mode });
  const kind = before === undefined ? 'created' : 'changed';
  return { path: file, kind, ...(backup === null ? {} : { backup }) };
}

function restore(home: string, change: Change): FileChange {
  const { file } = change;
  const record = recordFile(home, file);
  const result = readJsonSync(record, beforeSchema);
  const text = readText(file);
  const known = result.kind === 'ok' ? result.value : guessBefore(change, text);
  const kind = text === undefined ? 'unchanged' : undo(change, text, known);
  if (known?.backup) rmSync(known.backup, { force: true });
  if (known?.madeDirectory) removeIfEmpty(known.madeDirectory);
  rmSync(record, { force: true });
  return { path: file, kind };
}

type Before = v.InferOutput<typeof beforeSchema>;

/** Where the home was deleted, a backup from which we would write the present text is what was before. */
function guessBefore({ file, add }: Change, text: string | undefined): Before | undefined {
  const backup = backupName(file);
  const original = text === undefined ? undefined : readText(backup);
  if (text === undefined || original === undefined || add(original) !== text) return undefined;
  return { v: 1, path: file, backup, madeDirectory: null, writtenSha256: sha256(text) };
}

function undo(
  { file, remove }: Change,
  text: string,
  known: Before | undefined,
): FileChange['kind'] {
  const isAsWritten = known !== undefined && sha256(text) === known.writtenSha256;
  const original = known?.backup ? readText(known.backup) : undefined;
  const isRestored = isAsWritten && original !== undefined;
  const rest = isRestored ? original : remove(text, original);
  if (rest === text) return 'unchanged';
  const wasNone = known !== undefined && known.backup === null;
  if (wasNone && (isAsWritten || rest === undefined)) {
    rmSync(targetOf(file));
    return 'removed';
  }
  writeFileAtomicSync(targetOf(file), rest ?? '{}\n', { mode: fileMode(file) });
  return isRestored ? 'restored' : 'changed';
}

function recordFile(home: string, file: string): string {
  return path.join(home, 'claude-code', 'settings', `${sha256(file).slice(0, 16)}.json`);
}

/**
 * Where the bytes of a file lie: settings may be a link into a repository of somebody's dotfiles, and a rename would put
 * a file of its own in the link's place.
 * @throws HoldfastError `file.unreadable`.
 */
function targetOf(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  try {
    return realpathSync.native(file);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw unreadable(file, error);
    // What it leads to is not there (any more).
    return targetOf(path.resolve(realpathSync.native(path.dirname(file)), readlinkSync(file)));
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Beside the link where the file is one: there it is looked for, and a repository of dotfiles is not littered. */
function backupName(file: string): string {
  return `${file}.before-holdfast`;
}

function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}

/** Settings may hold secrets of their owner: a file of ours is as private as theirs. */
function fileMode(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? PRIVATE_FILE_MODE : stat.mode & 0o777;
}

function makeDirectory(directory: string): string | null {
  if (existsSync(directory)) return null;
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw storeError(`creating the directory ${directory}`, error);
  }
  return directory;
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    // Somebody has put something into it, or it is gone.
    const code = systemErrorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') {
      throw storeError(`removing ${directory}`, error);
    }
  }
}

/** Byte for byte: a file that is no UTF-8 text could not be restored from what we read. */
function readText(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  const text = bytes.toString('utf8');
  if (Buffer.from(text).equals(bytes)) return text;
  throw new HoldfastError('claude.settingsInvalid', `${file} is no UTF-8 text`, {
    data: { path: file },
  });
}
