import { createHash } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { writeFileAtomicSync } from '../../../common/atomicFile.ts';
import { readJsonSync } from '../../../common/jsonFile.ts';
import { isTranscriptId, namesIn, type TranscriptFile } from './transcriptFiles.ts';

/**
 * The guarded copy of one transcript: a directory with a byte for byte copy for each *generation*. A transcript that is
 * only added to has one; one that was cut or rewritten begins another, and the earlier one stays as it was.
 */
export interface Mirror {
  readonly id: string;
  readonly slug: string;
  readonly directory: string;
}

/** `<n>.jsonl`, or packed `<n>.<bytes>.jsonl.gz`. */
export interface Generation {
  readonly number: number;
  readonly path: string;
  readonly isPacked: boolean;
  /** Unpacked. */
  readonly sizeBytes: number;
}

const sourceSchema = v.looseObject({
  v: v.literal(1),
  path: v.string(),
  inode: v.number(),
  sizeBytes: v.number(),
  mtimeMs: v.number(),
  /** When the whole of it was last compared with its copy. */
  comparedMs: v.number(),
});

/** The transcript as it was when it was last copied. */
export type MirrorSource = v.InferOutput<typeof sourceSchema>;

const DIRECTORY_NAME = /^([0-9a-f-]{36})(?:~[0-9a-f]{8})?$/i;
const GENERATION_NAME = /^(\d+)(?:\.(\d+))?\.jsonl(\.gz)?$/;

export function guardDirectory(home: string): string {
  return path.join(home, 'claude');
}

/** Where a transcript is copied to. A second one of the same name, in another directory of Claude's, has its own place. */
export function mirrorOf(home: string, file: Pick<TranscriptFile, 'id' | 'slug' | 'path'>): Mirror {
  const { id, slug } = file;
  const directory = path.join(guardDirectory(home), slug, id);
  const source = readSource({ directory });
  if (source === undefined || source.path === file.path || !existsSync(source.path)) {
    return { id, slug, directory };
  }
  const hash = createHash('sha256').update(file.path).digest('hex').slice(0, 8);
  return { id, slug, directory: `${directory}~${hash}` };
}

export function listMirrors(home: string): Mirror[] {
  const parent = guardDirectory(home);
  return namesIn(parent).flatMap((slug) =>
    namesIn(path.join(parent, slug)).flatMap((name) => {
      const [, id = ''] = DIRECTORY_NAME.exec(name) ?? [];
      if (!isTranscriptId(id)) return [];
      return [{ id, slug, directory: path.join(parent, slug, name) }];
    }),
  );
}

/** The copies, the newest last. Where one is there plain and packed, the plain one counts: it may have more. */
export function listGenerations({ directory }: Pick<Mirror, 'directory'>): Generation[] {
  const found = new Map<number, Generation>();
  for (const name of namesIn(directory)) {
    const [, number, bytes, packed] = GENERATION_NAME.exec(name) ?? [];
    if (number === undefined || (packed === undefined) !== (bytes === undefined)) continue;
    const generation = generationAt(path.join(directory, name), Number(number), bytes);
    if (generation !== undefined && !(generation.isPacked && found.has(generation.number))) {
      found.set(generation.number, generation);
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

export function generationPath({ directory }: Pick<Mirror, 'directory'>, number: number): string {
  return path.join(directory, `${number}.jsonl`);
}

export function packedPath(
  mirror: Pick<Mirror, 'directory'>,
  number: number,
  bytes: number,
): string {
  return path.join(mirror.directory, `${number}.${bytes}.jsonl.gz`);
}

export function removeGeneration(mirror: Mirror, { number }: Generation): void {
  for (const name of namesIn(mirror.directory)) {
    if (name.startsWith(`${number}.`)) rmSync(path.join(mirror.directory, name), { force: true });
  }
}

export function readSource({ directory }: Pick<Mirror, 'directory'>): MirrorSource | undefined {
  const read = readJsonSync(path.join(directory, 'source.json'), sourceSchema);
  return read.kind === 'ok' ? read.value : undefined;
}

/** Written last: what is not noted here is looked at again. */
export function writeSource(mirror: Mirror, file: TranscriptFile, comparedMs: number): void {
  const { path: transcript, inode, sizeBytes, mtimeMs } = file;
  const source: MirrorSource = { v: 1, path: transcript, inode, sizeBytes, mtimeMs, comparedMs };
  writeFileAtomicSync(path.join(mirror.directory, 'source.json'), `${JSON.stringify(source)}\n`, {
    isDurable: false,
  });
}

function generationAt(
  file: string,
  number: number,
  bytes: string | undefined,
): Generation | undefined {
  if (bytes !== undefined) {
    return { number, path: file, isPacked: true, sizeBytes: Number(bytes) };
  }
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && { number, path: file, isPacked: false, sizeBytes: stat.size };
}
