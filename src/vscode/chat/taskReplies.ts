import { HoldfastError } from '../../core/common/errors.ts';
import { compileFilter } from '../../core/agents/tools/outputText.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { cursorOf } from '../../core/sessions/sessionOutput.ts';
import { describeEnd } from '../../core/tasks/describeEnd.ts';
import { formatDuration, taskDurationMs, taskName } from '../../core/tasks/describeTask.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { killTasks } from '../commands/killTasks.ts';
import type { Chat, ChatFollowup, ChatHandler } from './chatRequest.ts';
import { readForChat } from './newOutput.ts';
import { code, codeBlock, commandLink, plain, reply } from './reply.ts';

const MAX_LISTED = 40;
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
  const { window, sessions, stream, request, before } = chat;
  const [, given, pattern = ''] = /^(\S*)\s*(.*)$/s.exec(request.prompt.trim()) ?? [];
  const task = taskOf(chat, given ?? '');
  const filter = pattern === '' ? undefined : compileFilter(pattern, { ignoresCase: true });
  const id = before ?? sessions.current.ensure('Background tasks');
  const from = cursorOf(sessions.store.fold(id).state, task.id, READER);
  const { text, to, moreBytes, notes } = readForChat(task, from, filter);
  if (to !== from) {
    const line = { type: 'output-read', task: task.id, reader: READER, offset: to } as const;
    new Journal(window.host, id).append(line);
  }
  const shown = text.trimEnd();
  const standing = isRunning(task) ? 'running' : describeEnd(task);
  stream.markdown(
    reply(
      [
        `**${task.id}** ${code(taskName(task))}: ${standing}`,
        shown === '' ? nothingNew(pattern, moreBytes) : codeBlock(shown),
        ...notes.map((note) => `_${plain(note)}_`),
      ].join('\n\n'),
    ),
  );
  stream.button({
    command: 'holdfast.tasks.showOutput',
    title: 'Show All of It',
    arguments: [task.id],
  });
  if (moreBytes > 0) return { followups: [moreFollowup(task, pattern)] };
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

function nothingNew(pattern: string, moreBytes: number): string {
  if (pattern === '') return '_Nothing new._';
  return moreBytes > 0 ? '_Nothing that matches so far._' : '_Nothing new that matches._';
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

function moreFollowup({ id }: TaskSnapshot, pattern: string): ChatFollowup {
  return { label: `More of ${id}`, prompt: `${id} ${pattern}`.trim(), command: 'output' };
}

function isRunning({ status }: TaskSnapshot): boolean {
  return status === 'running';
}
