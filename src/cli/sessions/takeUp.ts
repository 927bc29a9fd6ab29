import type { CommonOptions } from '../context.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';
import type { ResumedSession } from '../../core/sessions/resumeSession.ts';
import { describeResume } from './describeResume.ts';
import { resumeJson } from './sessionJson.ts';

/** Prints what taking up a session found, and lets go of it: this process is about to end. */
export async function reportResumed(
  { summary, lease }: ResumedSession,
  options: CommonOptions,
  more: { readonly isNew?: boolean } = {},
): Promise<void> {
  lease.dispose();
  if (options.json) {
    await writeJson({ ...resumeJson(summary), ...more });
    return;
  }
  for (const line of describeResume(summary)) await writeLine(line);
  tellHowToBelong(summary.sessionId);
}

export function tellHowToBelong(id: string): void {
  if (process.env['HOLDFAST_SESSION'] === id) return;
  tell(`tasks started from here belong to it after: export HOLDFAST_SESSION=${id}`);
}
