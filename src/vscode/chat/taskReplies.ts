import { HoldfastError } from '../../core/common/errors.ts';
import { PlainText } from '../../core/tasks/plainText.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { readNewOutput } from '../../core/sessions/sessionOutput.ts';
import { describeEnd } from '../../core/tasks/describeEnd.ts';
import { formatDuration, taskDurationMs, taskName } from '../../core/tasks/describeTask.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { killTasks } from '../commands/killTasks.ts';
import type { Chat, ChatFollowup, ChatHandler } from './chatRequest.ts';
import { code, codeBlock, commandLink, reply } from './reply.ts';

const MAX_LISTED = 40;
const MAX_OUTPUT_BYTES = 24 * 1024;
/** Whose cursor `/output` moves: what the model has read is another matter. */
const READER = 'chat.user';

/** `/bashes`. */
export const listBashes: ChatHandler = ({ window, stream }) => {
  window.feed.refresh();
  const tasks = [...window.feed.tasks].sort((a, b) => b.createdAtMs - a.createdAtMs);
  if (tasks.length === 0) {
    stream.markdown('There are no background tasks.');
    stream.button({ command: 'holdfast.tasks.run', title: 'Run Background Task…' });
    return {};
  }
  const nowMs = window.host.clock.now();
  const rows = tasks.slice(0, MAX_LISTED).map((task) => rowOf(task, nowMs));
  const more = tasks.length > MAX_LISTED ? `\n\nand ${tasks.length - MAX_LISTED} older ones.` : '';
  stream.markdown(reply(rows.join('\n') + more));
  const running = tasks.filter(isRunning);
  return { followups: running.slice(0, 2).map(outputFollowup) };
};

/** `/output bash_3`, `/output bash_3 error|warning`. */
export const showOutput: ChatHandler = (chat) => {
  const { window, sessions, stream, request } = chat;
  const [, given, pattern = ''] = /^(\S*)\s*(.*)$/s.exec(request.prompt.trim()) ?? [];
  const task = taskOf(chat, given ?? '');
  const filter = filterOf(pattern);
  const journal = new Journal(window.host, sessions.current.ensure('Background tasks'));
  const range = readNewOutput(sessions.store, journal, {
    task,
    reader: READER,
    maxBytes: MAX_OUTPUT_BYTES,
    includePartialLine: true,
  });
  const plain = new PlainText();
  const lines = (plain.push(range.text) + plain.end()).split('\n');
  const shown = lines
    .filter((line) => filter?.test(line) ?? true)
    .join('\n')
    .trimEnd();
  const standing = isRunning(task) ? 'running' : describeEnd(task);
  stream.markdown(
    reply(
      `**${task.id}** ${code(taskName(task))}: ${standing}\n\n${
        shown === '' ? nothingNew(pattern) : codeBlock(shown)
      }`,
    ),
  );
  stream.button({
    command: 'holdfast.tasks.showOutput',
    title: 'Show All of It',
    arguments: [task.id],
  });
  return { followups: isRunning(task) ? [outputFollowup(task)] : [] };
};

/** `/kill bash_1 bash_2`, `/kill all`, `/kill all except bash_3`. */
export const killBashes: ChatHandler = async (chat) => {
  const { window, stream, request } = chat;
  const meant = tasksToKill(chat, request.prompt.trim());
  if (meant.length === 0) {
    stream.markdown('No background task runs that this is about.');
    return {};
  }
  const killed = await killTasks(window, meant);
  const ended = killed.map(({ id, command }) => `- **${id}** ${code(command)}`);
  stream.markdown(reply(`Ended, with everything they had started:\n\n${ended.join('\n')}`));
  return {};
};

function tasksToKill(chat: Chat, text: string): TaskSnapshot[] {
  const { window } = chat;
  window.feed.refresh();
  const running = window.feed.tasks.filter(isRunning);
  if (text === '') {
    throw new HoldfastError('input.invalid', 'say which: bash_1 bash_2, all, or all except bash_3');
  }
  const [first, ...rest] = text.split(/[\s,]+/).filter((word) => word !== '' && word !== 'and');
  const isAll = /^all$/i.test(first ?? '');
  if (!isAll) return [first ?? '', ...rest].map((word) => taskOf(chat, word));
  const [except, ...names] = rest;
  if (except === undefined) return running;
  if (!/^(except|but)$/i.test(except) || names.length === 0) {
    throw new HoldfastError('input.invalid', 'say “all”, or “all except bash_3”');
  }
  const spared = new Set(names.map((word) => taskOf(chat, word).id));
  return running.filter(({ id }) => !spared.has(id));
}

/** @throws HoldfastError `task.notFound`, `input.invalid` when none is named and none is obvious. */
function taskOf({ window }: Chat, text: string): TaskSnapshot {
  const { workspace, clock } = window.host;
  if (text !== '') {
    const id = /^\d+$/.test(text) ? `bash_${text}` : text;
    return findTask(workspace, id, clock.now());
  }
  const running = window.feed.tasks.filter(isRunning);
  const [only] = running;
  if (only !== undefined && running.length === 1) return only;
  throw new HoldfastError('input.invalid', 'say which task, such as bash_3; /bashes shows them');
}

function filterOf(pattern: string): RegExp | undefined {
  if (pattern === '') return undefined;
  try {
    return new RegExp(pattern, 'i');
  } catch (cause) {
    throw new HoldfastError('input.invalid', `${pattern} is not a regular expression`, { cause });
  }
}

function nothingNew(pattern: string): string {
  return pattern === '' ? '_Nothing new._' : '_Nothing new that matches._';
}

/** A chat is too narrow for a table. */
function rowOf(task: TaskSnapshot, nowMs: number): string {
  const durationMs = taskDurationMs(task, nowMs);
  const time = durationMs === undefined ? '' : ` for ${formatDuration(durationMs)}`;
  const status = isRunning(task) ? `$(sync) running${time}` : describeEnd(task);
  const actions = [
    commandLink('output', 'holdfast.tasks.showOutput', task.id),
    isRunning(task)
      ? commandLink('kill', 'holdfast.tasks.kill', task.id)
      : commandLink('restart', 'holdfast.tasks.restart', task.id),
  ];
  return `- **${task.id}** ${code(taskName(task))}  \n  ${[status, ...actions].join(' · ')}`;
}

function outputFollowup({ id }: TaskSnapshot): ChatFollowup {
  return { label: `What is new in ${id}?`, prompt: id, command: 'output' };
}

function isRunning({ status }: TaskSnapshot): boolean {
  return status === 'running';
}
