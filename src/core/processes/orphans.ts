import { isClaudeProgram } from './claudeProgram.ts';
import { identityOf, isDead, type ProcessIdentity } from './identity.ts';
import { currentPlatform, type CommandLine, type ProcessRow } from './platform/platform.ts';
import { listAncestry, readProcessTable } from './processTable.ts';
import { sendSignal, waitUntilDead } from './signals.ts';

/** A process that someone may have forgotten. Text for people; nothing here is a reason to end it unasked. */
export interface OrphanProcess {
  readonly identity: ProcessIdentity;
  /** `task`: carries the cookie of a task that nobody counts as live. `claude`: any other Claude Code process. */
  readonly kind: 'task' | 'claude';
  /** One line, at most 300 characters. */
  readonly commandLine: string;
  readonly cwd: string | undefined;
  readonly ageMs: number;
  readonly rssBytes: number;
  /** Its `HOLDFAST_TASK`; a `claude` inside a live task has that task's. */
  readonly cookie: string | undefined;
}

const COMMAND_LINE_MAX = 300;
const FORCE_WAIT_MS = 2000;

/**
 * This user's processes that carry the cookie of no live task, and all that are Claude Code; never this process or its
 * ancestors. On Windows, where environments are hidden, only the latter.
 */
export function findOrphans(options: {
  readonly liveCookies: ReadonlySet<string>;
}): OrphanProcess[] {
  const platform = currentPlatform();
  const table = readProcessTable();
  const ancestry = listAncestry(table, process.pid);
  const uid = process.getuid?.();
  const rows = [...table.rows.values()].filter(
    (row) => !isDead(row) && row.uid === uid && row.pid !== 1 && !ancestry.has(row.pid),
  );
  const pids = rows.map((row) => row.pid);
  const cookies = platform.readCookies(pids);
  const commands = platform.readCommandLines(pids);

  return rows.flatMap((row) => {
    const own = cookies.get(row.pid) ?? [];
    const command = commands.get(row.pid) ?? { argv: [row.name] };
    const isOfTask = own.length > 0 && !own.some((cookie) => options.liveCookies.has(cookie));
    if (!isOfTask && !isClaudeProgram(command)) return [];
    const kind = isOfTask ? 'task' : 'claude';
    return [describe(row, kind, command, own[0])];
  });
}

function describe(
  row: ProcessRow,
  kind: OrphanProcess['kind'],
  command: CommandLine,
  cookie: string | undefined,
): OrphanProcess {
  const words = command.argv.length > 0 ? command.argv.join(' ') : row.name;
  return {
    identity: identityOf(row),
    kind,
    commandLine: toOneLine(words),
    cwd: currentPlatform().readCwd(row.pid),
    ageMs: row.ageMs,
    rssBytes: row.rssBytes,
    cookie,
  };
}

/** Control characters would let a command line forge what a terminal or a tooltip shows. */
function toOneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= COMMAND_LINE_MAX ? line : `${line.slice(0, COMMAND_LINE_MAX - 1)}…`;
}

/** How {@link endProcess} went. `gone`: it had ended before. `survived`: not allowed (EPERM), or beyond signals. */
export type EndOutcome = 'gone' | 'terminated' | 'forced' | 'survived';

/** Ends exactly one process, not what it started: SIGTERM, `graceMs` to obey, SIGKILL. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<EndOutcome> {
  const asked = sendSignal(identity, 'SIGTERM');
  if (asked === 'gone') return 'gone';
  if (asked === 'denied') return 'survived';
  if (currentPlatform().hasSignals) sendSignal(identity, 'SIGCONT');
  if ((await waitUntilDead([identity], graceMs)).length === 0) return 'terminated';
  if (sendSignal(identity, 'SIGKILL') === 'denied') return 'survived';
  return (await waitUntilDead([identity], FORCE_WAIT_MS)).length === 0 ? 'forced' : 'survived';
}
