import path from 'node:path';
import { systemClock } from '../../../common/clock.ts';
import { silentLog } from '../../../common/log.ts';
import { resolveHome } from '../../../store/home.ts';
import { claudeDirectoryOf, isWithin, projectsDirectory } from './claudeDirectory.ts';
import { guardTranscript } from './guardTranscript.ts';

/**
 * Copies what is new of one transcript, which a hook of Claude Code has named. What is not among its transcripts is left
 * alone. @throws HoldfastError as {@link guardTranscript}.
 */
export async function mirrorTranscript(
  transcript: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const claudeDirectory = claudeDirectoryOf(environment);
  const file = path.resolve(transcript);
  if (!file.endsWith('.jsonl') || !isWithin(file, projectsDirectory(claudeDirectory))) return;
  const home = resolveHome(environment);
  await guardTranscript({ home, claudeDirectory, clock: systemClock, log: silentLog }, file);
}
