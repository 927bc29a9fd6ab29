import type { Command } from 'commander';
import { readTranscriptDetails } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { readTranscripts, type TranscriptOptions } from './openTranscripts.ts';
import { transcriptJson } from './transcriptJson.ts';
import { transcriptTable } from './transcriptTable.ts';

export async function printTranscripts(command: Command): Promise<void> {
  const options = command.optsWithGlobals<TranscriptOptions>();
  const { host, folder, sessions, cache } = readTranscripts(options);
  if (options.json === true) {
    await writeJson(
      sessions.map((session) =>
        transcriptJson(session, readTranscriptDetails(session.file, cache)),
      ),
    );
    return;
  }
  if (sessions.length === 0) {
    await writeLine(`No sessions of Claude Code in ${folder ?? host.claudeDirectory}.`);
    return;
  }
  const lines = transcriptTable(sessions, host.clock.now(), folder === undefined);
  await writeLine(lines.join('\n'));
}
