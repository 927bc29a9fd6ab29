import { claudeDirectoryOf } from '../agents/claude-code/transcripts/claudeDirectory.ts';
import { transcriptSource } from '../agents/claude-code/transcripts/transcriptSource.ts';
import { journalSource } from './journalSource.ts';
import type { TextSource } from './textSource.ts';

/** Everything that is searched. Each thread makes its own: functions cannot be sent to one. */
export function searchSources(home: string): readonly TextSource[] {
  return [journalSource(home), transcriptSource(home, claudeDirectoryOf(process.env))];
}
