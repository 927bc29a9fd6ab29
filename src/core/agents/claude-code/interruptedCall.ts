import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { describeTool } from './transcripts/describeTool.ts';
import { parseTranscriptLine, toolResultsOf, toolUsesOf } from './transcripts/transcriptLine.ts';

/** A conversation that was cut off has its last call at the end; a result longer than this ends one. */
const MAX_TAIL_BYTES = 256 * 1024;

export interface InterruptedCall {
  readonly id: string;
  /** `Bash: npm test` */
  readonly description: string;
}

/**
 * The calls at the end of a transcript that never got a result, because Claude Code was ended by force in the middle of
 * them. It drops them when it resumes, so that Claude would not know that it made them. None when there is no
 * transcript or its end cannot be read.
 */
export function findInterruptedCalls(transcript: string): InterruptedCall[] {
  const open = new Map<string, InterruptedCall>();
  for (const text of readTail(transcript).split('\n')) {
    const line = parseTranscriptLine(text);
    if (line === undefined || line['isSidechain'] === true) continue;
    for (const result of toolResultsOf(line)) open.delete(result.toolUseId);
    if (line['type'] === 'assistant') {
      for (const use of toolUsesOf(line)) {
        open.set(use.id, { id: use.id, description: describeTool(use) });
      }
    } else if (line['type'] === 'user' && toolResultsOf(line).length === 0) {
      // The user has gone on since: whatever was cut off is an old story.
      open.clear();
    }
  }
  return [...open.values()];
}

function readTail(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, MAX_TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    const count = readSync(descriptor, bytes, 0, length, size - length);
    return bytes.toString('utf8', 0, count);
  } catch {
    return '';
  } finally {
    closeSync(descriptor);
  }
}
