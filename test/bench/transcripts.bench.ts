// Claude Code's sessions: 2 GB of transcripts in 3,000 files. The first list comes from the cache; bringing that up to
// date, and guarding what has changed, is for another thread.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { heading, row, target } from './support/report.ts';

const FILES = 3000;
const TOTAL_BYTES = 2 * 1000 ** 3;
const LIST_MS = 300;
const MEMORY_MB = 100;

const scratch = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
const [home, claudeDirectory] = [path.join(scratch, 'home'), path.join(scratch, 'claude')];

type Measured = Readonly<Record<'ms' | 'peakMB' | 'count', number>>;

/** Each step is a process of its own, as it would be: its time without its start, and its peak of memory. */
function measure(step: 'list' | 'refresh' | 'guard'): Measured {
  const script = path.join(import.meta.dirname, 'support', 'transcriptSteps.ts');
  const args = ['--import', 'tsx', script, step, home, claudeDirectory];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
}

function writeTranscripts(): string[] {
  const size = TOTAL_BYTES / FILES;
  const files: string[] = [];
  for (let number = 0; number < FILES; number += 1) {
    const folder = `/home/project-${number % 40}`;
    const directory = path.join(claudeDirectory, 'projects', folder.replaceAll('/', '-'));
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, `${randomUUID()}.jsonl`);
    writeTranscript(file, folder, size);
    files.push(file);
  }
  return files;
}

function writeTranscript(file: string, cwd: string, sizeBytes: number): void {
  const descriptor = openSync(file, 'w');
  const timestamp = '2026-01-02T03:04:05.678Z';
  const common = { cwd, sessionId: path.basename(file, '.jsonl'), timestamp, version: '2.1.197' };
  for (let written = 0, at = 0; written < sizeBytes; at += 1) {
    const id = `toolu_${at}`;
    const input = { file_path: `${cwd}/src/file-${at}.ts` };
    const lines = [
      { type: 'user', message: { role: 'user', content: `prompt ${at}` } },
      {
        type: 'assistant',
        message: { id: `m${at}`, content: [{ type: 'tool_use', id, name: 'Read', input }] },
      },
      {
        type: 'user',
        message: {
          content: [{ type: 'tool_result', tool_use_id: id, content: 'word '.repeat(1500) }],
        },
      },
    ];
    for (const line of lines) {
      written += writeSync(
        descriptor,
        `${JSON.stringify({ ...line, uuid: randomUUID(), ...common })}\n`,
      );
    }
  }
  closeSync(descriptor);
}

try {
  const files = writeTranscripts();
  heading(`Claude Code's sessions: ${TOTAL_BYTES / 1000 ** 3} GB of transcripts in ${FILES} files`);
  row('first list of all, with no cache', measure('list'));
  const refresh = measure('refresh');
  row('reading all of them', refresh);
  const list = measure('list');
  row('list of all projects from the cache', list);
  const again = measure('refresh');
  row('bringing the cache up to date, nothing changed', again);
  const guard = measure('guard');
  row('guarding all of them, the first time', guard);
  for (const file of files.slice(0, 5)) appendFileSync(file, '{"type":"user","uuid":"x"}\n');
  row('guarding 5 that have grown', measure('guard'));
  row('reading 5 that have grown', measure('refresh'));
  target(`list from the cache below ${LIST_MS} ms`, list.ms < LIST_MS);
  const peak = Math.max(refresh.peakMB, list.peakMB, guard.peakMB);
  target(`memory below ${MEMORY_MB} MB`, peak < MEMORY_MB);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
