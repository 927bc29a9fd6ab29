// One step of the bench of transcripts:  transcriptSteps.ts list|refresh|guard HOME CLAUDE_DIRECTORY
import { guardTranscripts } from '../../../src/core/agents/claude-code/transcripts/guardTranscripts.ts';
import {
  listTranscripts,
  refreshSummaries,
} from '../../../src/core/agents/claude-code/transcripts/listTranscripts.ts';
import { SummaryCache } from '../../../src/core/agents/claude-code/transcripts/summaryCache.ts';
import { systemClock } from '../../../src/core/common/clock.ts';
import { silentLog } from '../../../src/core/common/log.ts';

const [step = '', home = '', claudeDirectory = ''] = process.argv.slice(2);
// What node and the loader of TypeScript take is not ours, and what they took for a moment hides less than that.
const ownBytes = process.memoryUsage().rss;
const startMs = performance.now();
const count = await run();
const ms = performance.now() - startMs;
const peakMB = (process.resourceUsage().maxRSS * 1024 - ownBytes) / 1000 ** 2;
process.stdout.write(JSON.stringify({ ms: Math.round(ms), peakMB: Math.round(peakMB), count }));

async function run(): Promise<number> {
  if (step === 'guard') {
    const host = { home, claudeDirectory, clock: systemClock, log: silentLog };
    return (await guardTranscripts(host)).copied;
  }
  const cache = new SummaryCache(home);
  if (step === 'refresh') refreshSummaries({ claudeDirectory }, cache);
  return listTranscripts({ claudeDirectory }, cache).length;
}
