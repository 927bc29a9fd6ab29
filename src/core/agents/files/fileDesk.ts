import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError, unreadable } from '../../common/errors.ts';
import { isInside, locate } from '../../permissions/places.ts';
import { describeFile } from '../../sessions/describeFile.ts';
import type { Journal } from '../../sessions/journal.ts';
import type { Workspace } from '../../store/workspace.ts';
import { diskOnly, type FileAccess, type OpenText } from './fileAccess.ts';
import { decodeText, encodeText, hashBytes, type TextFile } from './textFile.ts';
import { isMissing, tryStat } from './tryStat.ts';
import { writeTextFile } from './writeTextFile.ts';

/** Longer files are shown in pieces and changed by commands. */
export const MAX_EDITED_BYTES = 16 * 1024 * 1024;

export interface FileDeskOptions {
  /** Of it only the folder counts: where the agent works. */
  readonly workspace: Pick<Workspace, 'folder'>;
  /** Gets a line for every file that is touched. */
  readonly journal?: Pick<Journal, 'append'> | undefined;
  /** Told of each file in the journal whose content it has the hash of. */
  readonly keepVersion?: (realPath: string, hash: string) => void;
  /** From the journal: the SHA-256 of what the agent has seen of each file, by real path. */
  readonly seen?: ReadonlyMap<string, string>;
  readonly access?: FileAccess;
  /** Path of ripgrep; without it the files are searched in this process. */
  readonly ripgrep?: string | undefined;
  /** Approved directories besides the workspace's folder, as real paths. */
  readonly roots?: () => readonly string[];
  /** What ripgrep inherits. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A text file as it is now, in the editor or on the disk. */
export interface LoadedFile extends TextFile {
  readonly realPath: string;
  readonly open: OpenText | undefined;
  /** Of what the agent sees: the bytes on the disk, or the editor's unsaved text. */
  readonly hash: string;
}

/** The files of one agent in one session: which it may reach, what it has seen of them, and what it does to them. */
export class FileDesk {
  readonly workspace: Pick<Workspace, 'folder'>;
  readonly ripgrep: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly #journal: Pick<Journal, 'append'> | undefined;
  readonly #keepVersion: (realPath: string, hash: string) => void;
  readonly #seen: ReadonlyMap<string, string>;
  /** The same for what happened here, unsaved text of editors included; the journal knows nothing of that. */
  readonly #seenHere = new Map<string, string>();
  readonly #access: FileAccess;
  readonly #roots: () => readonly string[];

  constructor(options: FileDeskOptions) {
    this.workspace = options.workspace;
    this.ripgrep = options.ripgrep;
    this.environment = options.environment ?? {};
    this.#journal = options.journal;
    this.#keepVersion = options.keepVersion ?? ((): void => undefined);
    this.#seen = options.seen ?? new Map<string, string>();
    this.#access = options.access ?? diskOnly;
    this.#roots = options.roots ?? ((): readonly string[] => []);
  }

  /**
   * Where a path leads, every link followed; it need not exist.
   * @throws HoldfastError `file.outside`, `input.invalid`.
   */
  locate(text: string, approvedPaths: readonly string[] = []): string {
    const { folder } = this.workspace;
    if (/^~([\\/]|$)/.test(text)) {
      throw new HoldfastError(
        'input.invalid',
        `~ is not expanded in ${text}: name the file by its whole path`,
      );
    }
    const located = locate(text, [folder]);
    if ('reason' in located) throw outside(`${text}: ${located.reason}`);
    const [realPath, ...others] = located.paths;
    if (realPath === undefined || others.length > 0) {
      throw outside(`programs differ in where ${text} leads: name it without ".."`);
    }
    const places = [folder, ...this.#roots(), ...approvedPaths];
    if (places.some((place) => isInside(realPath, place))) return realPath;
    const link = realPath === path.resolve(folder, text) ? '' : ` (it leads to ${realPath})`;
    throw outside(
      `${text}${link} lies outside of the workspace ${folder} and of the directories that the user approved. Ask the user to approve its directory, or do without it`,
    );
  }

  /**
   * A text file with its unsaved changes; undefined when there is none.
   * @throws HoldfastError `file.notText`, `file.unreadable`.
   */
  async load(realPath: string): Promise<LoadedFile | undefined> {
    const stat = tryStat(realPath);
    if (stat?.isDirectory() === true) {
      throw new HoldfastError(
        'file.notText',
        `${realPath} is a directory: see what is in it with glob`,
      );
    }
    if (stat !== undefined && !stat.isFile()) {
      throw new HoldfastError('file.notText', `${realPath} is a device or a pipe, not a file`);
    }
    if (stat !== undefined && stat.size > MAX_EDITED_BYTES) {
      throw new HoldfastError(
        'file.notText',
        `${realPath} is too big for this tool: work on it with commands (bash)`,
      );
    }
    const bytes = stat === undefined ? undefined : readBytes(realPath);
    const open = await this.#access.open(realPath);
    if (bytes === undefined && open === undefined) return undefined;
    const onDisk = bytes === undefined ? emptyFile : decodeText(bytes);
    if (onDisk === undefined) throw notText(realPath);
    if (open === undefined || !open.isDirty) {
      return { ...onDisk, realPath, open, hash: hashBytes(bytes ?? '') };
    }
    return { ...onDisk, text: open.text, realPath, open, hash: hashBytes(open.text) };
  }

  /** Notes that the agent knows this text of the file now. */
  noteSeen({ realPath, hash, open }: LoadedFile): void {
    this.#seenHere.set(realPath, hash);
    this.#journalFile(realPath, 'read', open?.isDirty === true);
  }

  /** Notes that an agent has been shown a piece of a file that is too big to be loaded. */
  noteLooked(realPath: string): void {
    this.#journalFile(realPath, 'read', false);
  }

  /**
   * Refuses to change what the agent has not seen as it is now.
   * @throws HoldfastError `file.notRead`, `file.changed`.
   */
  requireSeen({ realPath, hash }: LoadedFile): void {
    const known = this.#seenHere.get(realPath) ?? this.#seen.get(realPath);
    if (known === undefined) {
      throw new HoldfastError(
        'file.notRead',
        `nothing was changed: read ${realPath} first, it has not been read in this session`,
      );
    }
    if (known !== hash) throw changed(realPath);
  }

  /**
   * Writes a text in a file's place: through the editor where that has it open, else atomically on the disk.
   * @returns whether the disk has it.
   * @throws HoldfastError `file.changed` when somebody was quicker, `file.notWritable`, `disk.full`.
   */
  async store(realPath: string, before: LoadedFile | undefined, text: string): Promise<boolean> {
    const format = before ?? emptyFile;
    let isSaved = true;
    const outcome =
      before?.open === undefined
        ? 'notOpen'
        : await this.#access.replace(realPath, before.open.text, text);
    if (outcome === 'changed') throw changed(realPath);
    if (outcome === 'notOpen') {
      requireUnchanged(realPath, before);
      writeTextFile(realPath, encodeText(text, format));
    } else isSaved = outcome === 'written';
    const bytes = isSaved ? tryReadBytes(realPath) : undefined;
    // An editor may format what it saves: then the agent has not seen it yet.
    const isAsWritten = bytes !== undefined && decodeText(bytes)?.text === text;
    this.#seenHere.set(realPath, hashBytes(isAsWritten ? bytes : text));
    this.#journalFile(realPath, before === undefined ? 'created' : 'modified', !isAsWritten);
    return isSaved;
  }

  /** With the hash only where the disk has what the agent has seen. */
  #journalFile(realPath: string, how: 'read' | 'modified' | 'created', isUnsaved: boolean): void {
    const description = describeFile(realPath);
    const hash = isUnsaved ? undefined : this.#seenHere.get(realPath);
    this.#journal?.append({
      type: 'file',
      path: realPath,
      how,
      by: 'agent',
      ...(description && { mtimeMs: description.mtimeMs, sizeBytes: description.sizeBytes }),
      ...(hash !== undefined && { hash }),
    });
    if (hash !== undefined && this.#journal !== undefined) this.#keepVersion(realPath, hash);
  }
}

const emptyFile: TextFile = { text: '', encoding: 'utf8', hasMark: false, isLossless: true };

function requireUnchanged(realPath: string, before: LoadedFile | undefined): void {
  const bytes = tryReadBytes(realPath);
  const isSame = bytes === undefined ? before === undefined : before?.hash === hashBytes(bytes);
  if (!isSame) throw changed(realPath);
}

function readBytes(realPath: string): Buffer {
  try {
    return readFileSync(realPath);
  } catch (error) {
    throw unreadable(realPath, error);
  }
}

function tryReadBytes(realPath: string): Buffer | undefined {
  try {
    return readFileSync(realPath);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(realPath, error);
  }
}

function outside(message: string): HoldfastError {
  return new HoldfastError('file.outside', message);
}

function changed(realPath: string): HoldfastError {
  return new HoldfastError(
    'file.changed',
    `nothing was changed: ${realPath} is not as you have read it any more. Read it again, and apply your change to what it is now`,
  );
}

export function notText(realPath: string): HoldfastError {
  return new HoldfastError(
    'file.notText',
    `${realPath} is not a text file. Look at it with a program made for it (bash: file, xxd, unzip -l …)`,
  );
}
