import type { HistoryEntry } from '../../core/agents/conversation/history.ts';
import type { WorkingSession } from '../tools/workingSession.ts';
import { chatTurn } from './chatTurn.ts';
import type { Chat, ChatHandler } from './chatRequest.ts';
import type { EnteredSession } from './chatSessions.ts';
import { plain, reply } from './reply.ts';
import { titleOf } from './sessionTitle.ts';

/** What the user says without a command. */
export const talk: ChatHandler = async (chat) => {
  await chat.chats.untilStopped(chat.before);
  const entered = chat.chats.enter(chat.before, chat.request.prompt);
  const session = openEntered(chat, entered);
  tellEntered(chat, entered, session);
  return chatTurn(chat, session, chat.request.prompt);
};

/** Another process may have gone on with it since it was last open here. */
export function openEntered(
  { working, noteSession }: Chat,
  { id, how, summary }: EnteredSession,
): WorkingSession {
  noteSession(id);
  if (how !== 'same') working.forget(id);
  const session = working.open(id);
  if (summary !== undefined) session.conversation.noteResume(summary);
  return session;
}

/** Says so where the session is another one than the user may expect. */
export function tellEntered(
  chat: Chat,
  { id, how }: EnteredSession,
  session: WorkingSession,
): void {
  const { stream } = chat;
  const title = plain(titleOf(chat.sessions, id));
  switch (how) {
    case 'branch':
      stream.markdown(
        reply(
          `$(git-branch) Another chat is at work in this session, so this is now a branch of it: _${title}_. Both go on without touching each other; tasks are shared.\n\n`,
        ),
      );
      return;
    case 'back':
      stream.markdown(reply(`$(history) Back in the session _${title}_.\n\n`));
      return;
    case 'gone':
      stream.markdown(reply('$(history) The session of this chat is gone; this is a new one.\n\n'));
      return;
    case 'same': {
      const count = session.conversation.history.entries.filter(isSaid).length;
      if (chat.before === undefined && count > 0) {
        stream.markdown(
          reply(
            `$(history) Goes on in the session _${title}_ (${count} messages before). \`/new\` begins another.\n\n`,
          ),
        );
      }
      return;
    }
    case 'begun':
  }
}

export function isSaid({ role }: HistoryEntry): boolean {
  return role === 'user' || role === 'assistant';
}
