import type { Command } from 'commander';
import { compressSessions } from '../../core/sessions/compressSessions.ts';
import { pruneSessions } from '../../core/sessions/pruneSessions.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { SessionSummary } from '../../core/sessions/sessionSummary.ts';
import { readWorkspaceSettings } from '../../core/store/workspaceSettings.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { openStores, type SessionOptions } from './openStore.ts';
import { summaryJson } from './sessionJson.ts';

interface PruneOptions extends SessionOptions {
  readonly dryRun?: boolean;
  readonly days?: number;
}

/** What went, or would go, of one or more workspaces. */
export interface PrunedSessions {
  readonly pruned: readonly SessionSummary[];
  readonly compressed: readonly string[];
}

export async function prune(command: Command): Promise<void> {
  const options = command.optsWithGlobals<PruneOptions>();
  const isDryRun = options.dryRun === true;
  const results = openStores(options).map((store) => pruneStore(store, isDryRun, options.days));
  const pruned = results.flatMap((result) => result.pruned);
  const compressed = results.flatMap((result) => result.compressed);
  if (options.json) {
    await writeJson({ dryRun: isDryRun, pruned: pruned.map(summaryJson), compressed });
    return;
  }
  if (pruned.length + compressed.length === 0) await writeLine('Nothing to delete.');
  for (const line of prunedLines({ pruned, compressed }, isDryRun)) await writeLine(line);
}

/** Also compresses what has grown long and lies still, unless this is a dry run. */
export function pruneStore(
  store: SessionStore,
  isDryRun: boolean,
  maxAgeDays: number | undefined,
): PrunedSessions {
  const { sessionRetentionDays } = readWorkspaceSettings(store.host.workspace);
  const pruned = pruneSessions(store, {
    isDryRun,
    maxAgeDays: maxAgeDays ?? sessionRetentionDays,
  });
  return { pruned, compressed: isDryRun ? [] : compressSessions(store.host) };
}

export function prunedLines({ pruned, compressed }: PrunedSessions, isDryRun: boolean): string[] {
  const act = isDryRun ? 'would be deleted' : 'deleted';
  return [
    ...pruned.map(({ id, title, firstPrompt }) => {
      const name = Array.from(oneLine(title ?? firstPrompt ?? '(no title)')).slice(0, 60);
      return `${id}  ${act}  ${name.join('')}`;
    }),
    ...compressed.map((id) => `${id}  compressed`),
  ];
}
