import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import type { TranscriptDetails } from '../../core/agents/claude-code/transcripts/transcriptSummary.ts';

/** One session of Claude Code as `--json` gives it; scripts rely on the names. Times are ISO 8601 in UTC. */
export function transcriptJson(session: ListedTranscript, details: TranscriptDetails): object {
  const { live } = session;
  return {
    sessionId: session.id,
    title: session.title ?? null,
    firstPrompt: session.firstPrompt ?? null,
    lastPrompt: session.lastPrompt ?? null,
    directory: session.cwd ?? null,
    startTime: isoOf(session.startMs),
    lastActive: isoOf(session.timeMs),
    messageCount: session.messageCount,
    sizeBytes: session.file.sizeBytes,
    parent: session.parent ?? null,
    gitBranch: session.gitBranch ?? null,
    entrypoint: session.entrypoint ?? null,
    version: session.version ?? null,
    permissionMode: session.permissionMode ?? null,
    live:
      live === undefined
        ? null
        : {
            pid: live.pid,
            status: live.status ?? null,
            waitingFor: live.waitingFor ?? null,
            pendingTool: session.pendingTool ?? null,
          },
    files: details.files,
    backgroundTasks: details.tasks.map(({ id, command, status, startedMs, endedMs }) => {
      return { id, command, status, startedAt: isoOf(startedMs), endedAt: isoOf(endedMs) };
    }),
    damagedLines: session.damagedLines,
    path: session.file.path,
  };
}

export function isoOf(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
