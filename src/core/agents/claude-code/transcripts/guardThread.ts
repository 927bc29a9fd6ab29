import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../common/clock.ts';
import { silentLog } from '../../../common/log.ts';
import type { GuardAnswer, GuardTask } from './guardInThread.ts';
import { guardTranscripts } from './guardTranscripts.ts';
import { refreshSummaries } from './listTranscripts.ts';
import { SummaryCache } from './summaryCache.ts';

/** The other side of `guardInThread`. */
export async function runGuardThread(): Promise<void> {
  const { isGuarding, retentionDays, ...places } = workerData as GuardTask;
  const cache = new SummaryCache(places.home);
  refreshSummaries({ claudeDirectory: places.claudeDirectory }, cache);
  let answer: GuardAnswer = { transcripts: 0, copied: 0 };
  if (isGuarding) {
    const host = { ...places, clock: systemClock, log: silentLog };
    const { transcripts, copied } = await guardTranscripts(host, { retentionDays });
    answer = { transcripts, copied };
  }
  parentPort?.postMessage(answer);
}
