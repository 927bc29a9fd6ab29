import type { Journal } from '../../sessions/journal.ts';
import { isToolCallPart, type NewLine } from '../../sessions/journalLines.ts';
import type { ResumeSummary } from '../../sessions/resumeSession.ts';
import { sessionFilesOf } from '../../sessions/sessionFiles.ts';
import type { SessionStore } from '../../sessions/sessionStore.ts';
import type { TaskHost } from '../../tasks/taskHost.ts';
import { History } from './history.ts';
import { INTERRUPTED, pairCalls } from './pairing.ts';
import { resumeNote } from './resumeNote.ts';

export interface ConversationOptions {
  readonly host: TaskHost;
  readonly store: SessionStore;
  readonly journal: Journal;
  /** Whose cursors tell what of a task's output is new: that of the `Agent`. */
  readonly reader: string;
}

type MessageLine = Extract<NewLine, { type: 'message' }>;

/** A session that this process talks in. One for each open session; nothing has to be disposed of. */
export class Conversation {
  readonly host: TaskHost;
  readonly store: SessionStore;
  readonly journal: Journal;
  readonly history: History;
  readonly #reader: string;
  readonly #usedCallIds = new Set<string>();
  #countedEntries = 0;
  #agent: string | undefined;
  /** By model: how its tokens stand to our estimate. */
  readonly tokenRatios = new Map<string, number>();

  constructor({ host, store, journal, reader }: ConversationOptions) {
    this.host = host;
    this.store = store;
    this.journal = journal;
    this.#reader = reader;
    this.history = new History(sessionFilesOf(host.workspace, journal.id));
  }

  /** On the disk, and in the history, when this returns. @throws HoldfastError as {@link Journal.append}. */
  say(message: Omit<MessageLine, 'type'>): void {
    this.append({ type: 'message', ...message } as MessageLine);
  }

  append(line: NewLine): void {
    this.journal.append(line);
    this.history.refresh();
  }

  /** Says in the journal who answers from now on. */
  noteAgent(name: string): void {
    if (this.#agent === undefined) this.#agent = this.store.fold(this.journal.id).state.agent;
    if (this.#agent === name) return;
    this.append({ type: 'agent', name });
    this.#agent = name;
  }

  /** Writes a note that the model gets before what the user says next. */
  note(text: string): void {
    this.say({ role: 'system', parts: [{ type: 'text', text }] });
  }

  /** Of every call in the history. */
  usedCallIds(): ReadonlySet<string> {
    const { entries } = this.history;
    // Grows with the history, which is only ever added to; a repaired journal begins anew.
    if (entries.length < this.#countedEntries) {
      this.#usedCallIds.clear();
      this.#countedEntries = 0;
    }
    // The last one may have gone on since.
    for (const { parts } of entries.slice(Math.max(0, this.#countedEntries - 1))) {
      for (const part of parts) if (isToolCallPart(part)) this.#usedCallIds.add(part.id);
    }
    this.#countedEntries = entries.length;
    return this.#usedCallIds;
  }

  /** Answers the calls that the process before us did not live to answer; says how many. */
  closeOpenCalls(): number {
    const open = pairCalls(this.history.entries).filter(({ result }) => result === undefined);
    for (const { call } of open) {
      this.say({
        role: 'tool',
        parts: [{ type: 'tool-result', id: call.id, output: INTERRUPTED, isError: true }],
      });
    }
    return open.length;
  }

  /** Tells the model what is new since the session was left; undefined when nothing is. */
  noteResume(summary: ResumeSummary): string | undefined {
    const { state } = this.store.fold(this.journal.id);
    const text = resumeNote(summary, state, this.#reader);
    if (text !== undefined) this.note(text);
    return text;
  }
}

/**
 * Opens the conversation of a session that this process has taken.
 * @throws HoldfastError `session.notFound`, `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function openConversation(options: ConversationOptions): Conversation {
  const conversation = new Conversation(options);
  options.journal.endLastLine();
  conversation.history.refresh();
  conversation.closeOpenCalls();
  return conversation;
}
