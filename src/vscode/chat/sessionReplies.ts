import { HoldfastError } from '../../core/common/errors.ts';
import { branchSession as copySession } from '../../core/sessions/branchSession.ts';
import type { ListedSession } from '../sessions/sessionFeed.ts';
import { resumeSentence } from '../sessions/resumeWords.ts';
import { runningTasksOf, type SessionWindow } from '../sessions/sessionWindow.ts';
import { sessionName, whenText } from '../sessions/sessionWords.ts';
import { continueInWindow, resumeInWindow } from '../sessions/takeUp.ts';
import type { WorkingSession } from '../tools/workingSession.ts';
import type { Chat, ChatHandler, ChatMetadata } from './chatRequest.ts';
import type { EnteredSession } from './chatSessions.ts';
import { chatTurn } from './chatTurn.ts';
import { commandLink, plain, reply } from './reply.ts';
import { titleOf } from './sessionTitle.ts';
import { openEntered, tellEntered } from './talk.ts';

const MAX_LISTED = 30;

/** `/new`, `/new fix the login page`. */
export const beginSession: ChatHandler = async (chat) => {
  const { sessions, chats, working, request, stream, noteSession } = chat;
  const about = request.prompt.trim();
  sessions.current.letGo();
  const id = about === '' ? sessions.current.begin() : sessions.current.ensure(about);
  chats.choose(id);
  noteSession(id);
  sessions.feed.refresh();
  const session = working.open(id);
  if (about !== '') return chatTurn(chat, session, about);
  stream.markdown(reply('$(add) A new session. What is it about?'));
  return { sessionId: id };
};

/** `/continue`: in a chat that has a session, goes on there; else with the session that was last active. */
export const continueSession: ChatHandler = async (chat) => {
  const { sessions, chats, before, request, stream } = chat;
  if (before === undefined) {
    const [latest] = sessions.store.list().sessions;
    const resume = () => continueInWindow(sessions, () => undefined);
    if (latest === undefined) throw new HoldfastError('session.none', 'there is no session yet');
    return goOn(chat, chats.enterChosen(latest.id, resume), request.prompt);
  }
  await chats.untilStopped(before);
  const entered = chats.enter(before, request.prompt);
  const session = openEntered(chat, entered);
  tellEntered(chat, entered, session);
  if (entered.how !== 'gone' || request.prompt.trim() !== '') {
    return chatTurn(chat, session, request.prompt);
  }
  stream.markdown('What is it about?');
  return {};
};

/** `/resume`, `/resume project-main`, `/resume login page`. */
export const resumeSession: ChatHandler = async (chat) => {
  const words = chat.request.prompt.trim();
  if (words === '') return listSessions(chat);
  const found = await findSessions(chat.sessions, words);
  const [only] = found;
  if (only !== undefined && found.length === 1) {
    const resume = () => resumeInWindow(chat.sessions, only, () => undefined);
    return goOn(chat, chat.chats.enterChosen(only, resume), '');
  }
  if (found.length === 0) {
    throw new HoldfastError('session.notFound', `no session is called or says “${words}”`, {
      data: { id: words },
    });
  }
  const listed = found.flatMap((id) => chat.sessions.feed.get(id) ?? []);
  chat.stream.markdown(reply(`Several sessions fit. Which one?\n\n${listOf(chat, listed)}`));
  return {
    followups: listed.slice(0, 3).map((session) => ({
      label: `Resume “${sessionName(session, 40)}”`,
      prompt: session.id,
      command: 'resume',
    })),
  };
};

/** `/branch`, `/branch project-main`. */
export const branchSession: ChatHandler = async (chat) => {
  const { sessions, working, chats, request, before } = chat;
  const words = request.prompt.trim();
  const [named] =
    words === '' ? [before ?? sessions.current.id] : await findSessions(sessions, words);
  if (named === undefined) {
    throw new HoldfastError('session.none', 'there is no session to branch yet');
  }
  const id = copySession(sessions.store, named);
  sessions.current.reopen(id);
  chats.choose(id);
  chat.noteSession(id);
  working.open(id);
  chat.stream.markdown(
    reply(
      `$(git-branch) This is now a branch of _${plain(titleOf(sessions, named))}_. Both go on from here without touching each other; tasks are shared.`,
    ),
  );
  return { sessionId: id };
};

/** `/sessions`. */
export const listSessions: ChatHandler = (chat) => {
  const { feed } = chat.sessions;
  feed.refresh();
  const { sessions } = feed;
  if (sessions.length === 0) {
    chat.stream.markdown('There are no sessions in this folder yet. Say something to begin one.');
    return {};
  }
  const more = sessions.length - MAX_LISTED;
  chat.stream.markdown(
    reply(listOf(chat, sessions.slice(0, MAX_LISTED)) + (more > 0 ? `\n\nand ${more} more.` : '')),
  );
  chat.stream.button({ command: 'holdfast.sessions.search', title: 'Search Sessions…' });
  return {};
};

/** Tells what has happened since, to the user and the model; what broke off goes on, as does what the user asks. */
async function goOn(chat: Chat, entered: EnteredSession, prompt: string): Promise<ChatMetadata> {
  const { stream } = chat;
  const { summary } = entered;
  const session = openEntered(chat, entered);
  if (summary === undefined) tellEntered(chat, entered, session);
  else stream.markdown(reply(`$(history) ${plain(resumeSentence(summary))}\n\n`));
  // What another chat is at work on is not done a second time unless the user says so.
  const brokeOff = summary !== undefined && isUnanswered(session);
  if (prompt.trim() !== '' || brokeOff) return chatTurn(chat, session, prompt);
  const last = lastWords(session);
  if (last !== '') stream.markdown(reply(`Last, you asked: _${plain(last)}_`));
  return { followups: [{ label: 'Go on', prompt: '', command: 'continue' }] };
}

/** Whether the user has said something, or a tool has given a result, that no whole answer came to. */
function isUnanswered({ conversation }: WorkingSession): boolean {
  const last = conversation.history.entries.findLast(({ role }) => role !== 'system');
  return last !== undefined && (last.role !== 'assistant' || last.isUnfinished);
}

function lastWords({ conversation }: WorkingSession): string {
  const said = conversation.history.entries.findLast(({ role }) => role === 'user');
  const text: unknown = said?.parts.find(({ type }) => type === 'text')?.['text'];
  return typeof text === 'string' ? text.slice(0, 200) : '';
}

/** By id, else by title, else by what was said in it. */
async function findSessions(sessions: SessionWindow, words: string): Promise<string[]> {
  try {
    return [sessions.store.resolveId(words)];
  } catch (error) {
    if (!HoldfastError.is(error)) throw error;
  }
  sessions.feed.refresh();
  const wanted = words.toLowerCase();
  const titled = sessions.feed.sessions.filter((session) =>
    sessionName(session).toLowerCase().includes(wanted),
  );
  if (titled.length > 0) return titled.map(({ id }) => id);
  const search = await sessions.openSearch();
  // What was said a moment ago is to be found as well.
  await search.refresh();
  const workspace = sessions.window.host.workspace.folder;
  const { signal } = new AbortController();
  const { hits } = await search.search(words, { limit: 10, signal, workspace });
  return [...new Set(hits.map(({ sessionId }) => sessionId))];
}

/** A chat is too narrow for a table. */
function listOf({ sessions, window }: Chat, listed: readonly ListedSession[]): string {
  const nowMs = window.host.clock.now();
  const rows = listed.map((session) => {
    const running = runningTasksOf(sessions.window, session).length;
    const mark = session.id === sessions.current.id ? ' (current)' : '';
    const facts = [
      whenText(session.lastActiveMs, nowMs),
      `${session.messageCount} messages`,
      ...(running === 0 ? [] : [`${running} running`]),
      commandLink('show', 'holdfast.sessions.show', session.id),
      commandLink('resume', 'holdfast.sessions.resume', session.id),
    ];
    return `- **${plain(sessionName(session, 60))}**${mark}  \n  ${facts.join(' · ')}`;
  });
  return rows.join('\n');
}
