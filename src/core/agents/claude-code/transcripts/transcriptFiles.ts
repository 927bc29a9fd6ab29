import { readdirSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { projectsDirectory } from './claudeDirectory.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ENDING = '.jsonl';

/** A transcript as it lies on the disk now: `projects/<slug>/<id>.jsonl`. */
export interface TranscriptFile {
  readonly id: string;
  /** Name of the project's folder; see `projectSlug`. */
  readonly slug: string;
  readonly path: string;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export function isTranscriptId(text: string): boolean {
  return UUID.test(text);
}

/** Where a transcript lies, or would. */
export function transcriptPath(claudeDirectory: string, slug: string, id: string): string {
  return path.join(projectsDirectory(claudeDirectory), slug, `${id}${ENDING}`);
}

/** The folder beside a transcript that has the transcripts of its subagents and long outputs of its tools. */
export function sideDirectory(transcript: string): string {
  return transcript.slice(0, -ENDING.length);
}

/** Every transcript, in no order; those of projects whose folder's name `isWanted`. Unreadable folders are left out. */
export function listTranscriptFiles(
  claudeDirectory: string,
  isWanted: (slug: string) => boolean = () => true,
): TranscriptFile[] {
  const projects = projectsDirectory(claudeDirectory);
  return namesIn(projects)
    .filter(isWanted)
    .flatMap((slug) =>
      namesIn(path.join(projects, slug)).flatMap((name) => {
        const id = name.slice(0, -ENDING.length);
        if (!name.endsWith(ENDING) || !isTranscriptId(id)) return [];
        return statTranscript(path.join(projects, slug, name)) ?? [];
      }),
    );
}

/** Undefined when there is none, or no plain file. */
export function statTranscript(transcript: string): TranscriptFile | undefined {
  const stat = tryStat(transcript);
  if (stat?.isFile() !== true) return undefined;
  return {
    id: path.basename(transcript, ENDING),
    slug: path.basename(path.dirname(transcript)),
    path: transcript,
    inode: stat.ino,
    sizeBytes: stat.size,
    mtimeMs: stat.mtimeMs,
  };
}

/** Whether nothing has been written since it looked like this. */
export function isSameState(
  a: Pick<TranscriptFile, 'inode' | 'sizeBytes' | 'mtimeMs'>,
  b: Pick<TranscriptFile, 'inode' | 'sizeBytes' | 'mtimeMs'>,
): boolean {
  return a.inode === b.inode && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs;
}

export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function tryStat(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
