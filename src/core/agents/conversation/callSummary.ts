import { HoldfastError } from '../../common/errors.ts';
import { realPathsOf } from '../../permissions/realPaths.ts';
import { mainArgument, textArgument, type ToolInput } from '../../permissions/toolInput.ts';
import type { Workspace } from '../../store/workspace.ts';
import { oneLine } from '../../tasks/describeTask.ts';
import { findTask } from '../../tasks/listTasks.ts';
import type { PermissionSubject } from './toolPermission.ts';

const MAX_COMMAND_CHARS = 300;
const MAX_SENT_CHARS = 2000;

/** What a question about a call shows of it. */
export interface CallSummary {
  /** What it is about: the command, the path, the tasks. */
  readonly summary: string;
  /** Where its command runs, unless that is the folder where agents work. */
  readonly directory?: string | undefined;
}

/** Says what a call is about, so that whoever is asked need not look anything up. */
export function summariseCall(
  name: string,
  { tool, input, cwd }: PermissionSubject,
  { workspace, root, nowMs }: { workspace: Workspace; root: string; nowMs: number },
): CallSummary {
  const nameTask = (id: string): string => taskLine(workspace, id, nowMs);
  const isElsewhere =
    tool === 'Bash' && cwd !== undefined && (realPathsOf(cwd, root)?.[0] ?? cwd) !== root;
  return {
    summary: textFor(name, input, nameTask) ?? mainArgument(input) ?? name,
    directory: isElsewhere ? cwd : undefined,
  };
}

function textFor(
  name: string,
  input: ToolInput,
  nameTask: (id: string) => string,
): string | undefined {
  if (typeof input === 'string') return undefined;
  if (name === 'kill_bash') {
    if (input['all'] !== true) return idsIn(input, 'bash_ids').map(nameTask).join('\n');
    const spared = idsIn(input, 'except').map(nameTask);
    const all = 'Every running task of this workspace';
    return spared.length === 0 ? all : `${all}, except:\n${spared.join('\n')}`;
  }
  if (name !== 'send_bash') return undefined;
  const text = JSON.stringify(textArgument(input, 'text') ?? '');
  const cut = text.length - MAX_SENT_CHARS;
  const shown = cut > 0 ? `${text.slice(0, MAX_SENT_CHARS)}… ${cut} more characters` : text;
  return `${shown}\ninto ${nameTask(textArgument(input, 'bash_id') ?? '')}`;
}

function idsIn(input: Readonly<Record<string, unknown>>, field: string): string[] {
  const ids = input[field];
  return Array.isArray(ids) ? [...new Set(ids.map(String))] : [];
}

/** By its command: the title of a task is what an agent calls it. */
function taskLine(workspace: Workspace, id: string, nowMs: number): string {
  try {
    const task = findTask(workspace, id, nowMs);
    return `${task.id}: ${oneLine(task.command, MAX_COMMAND_CHARS)}`;
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
    return `${oneLine(id, 40)}: there is no such task`;
  }
}
