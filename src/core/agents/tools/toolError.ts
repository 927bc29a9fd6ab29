import { HoldfastError, type ErrorCode } from '../../common/errors.ts';
import { capitalized, userMessageFor } from '../../common/userMessage.ts';

/** What a model can do about a failure; the hints of {@link userMessageFor} are for people at a keyboard. */
const hints: Partial<Record<ErrorCode, string>> = {
  'task.commandEmpty': 'Give a command.',
  'task.cwdMissing': 'Create the directory first, or name another one as cwd.',
  'task.notFound': 'list_bashes shows which tasks there are.',
  'task.notRunning': 'restart_bash runs it again; bash_output still reads what it has printed.',
  'task.stillRunning': 'End it with kill_bash first.',
  'task.tooMany': 'End some with kill_bash first; list_bashes shows them.',
  'task.startFailed': 'Try again; if it stays like this, tell the user to run `holdfast doctor`.',
  'task.restartInProgress': 'Somebody else restarts it: look with list_bashes in a moment.',
  'task.logMissing': 'Its output is lost; restart_bash begins a new log.',
  'terminal.none':
    'Only a task started with terminal takes input. End this one with kill_bash and run it again with terminal, or with its answers given beforehand (flags such as --yes, printf … | command).',
  'terminal.unavailable':
    'Run it without terminal, with its answers given beforehand (flags such as --yes, printf … | command).',
  'terminal.unreachable':
    'Look with list_bashes whether it still runs; restart_bash gives it a new terminal.',
  'disk.full': 'Make room before you go on, or ask the user to. Running tasks go on.',
  'home.notWritable': 'Tell the user: nothing can be started until this is put right.',
  'home.unsafe': 'Tell the user to run the command that fixes it.',
  'process.limitReached': 'End some tasks with kill_bash, then try again.',
  'process.survived': 'Tell the user; they wait for a device or belong to someone else.',
  'session.notFound': 'The session was deleted meanwhile. Tell the user.',
};

/** A failure in a model's words: what happened, and what to do next. */
export function describeToolError(error: unknown): string {
  if (!HoldfastError.is(error)) {
    const detail = error instanceof Error ? error.message : String(error);
    return `${userMessageFor(error).message} (${detail}). This is a fault of Holdfast, not of your call.`;
  }
  const { message, hint } = userMessageFor(error);
  const { code, data } = error;
  const said = code === 'task.cwdMissing' && data['isReset'] === true ? error.message : message;
  const known = Array.isArray(data['known']) ? data['known'].map(String).slice(-5) : [];
  const next = [
    code === 'task.notFound' && known.length > 0
      ? `The latest are ${known.join(', ')}.`
      : undefined,
    data['isReset'] === true ? undefined : (hints[code] ?? hint),
  ].filter((part) => part !== undefined);
  return [asSentence(said), ...next].join(' ');
}

function asSentence(text: string): string {
  const first = capitalized(text);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
