// Looks after transcripts without a pause, until it is killed:  guardsTranscripts.ts HOME CLAUDE_DIRECTORY
import { guardTranscripts } from '../../../src/core/agents/claude-code/transcripts/guardTranscripts.ts';
import { systemClock } from '../../../src/core/common/clock.ts';
import { silentLog } from '../../../src/core/common/log.ts';

const [home = '', claudeDirectory = ''] = process.argv.slice(2);
for (let round = 0; ; round += 1) {
  await guardTranscripts({ home, claudeDirectory, clock: systemClock, log: silentLog });
  if (round === 0) process.stdout.write('ready\n');
}
