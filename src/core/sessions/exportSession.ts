import { looksSecret } from '../tasks/environment.ts';
import { recordToMarkdown } from './recordToMarkdown.ts';
import type { SessionRecord } from './sessionRecord.ts';
import type { SessionStore } from './sessionStore.ts';

/**
 * A session as one object, messages and all, to be taken elsewhere. Variables whose values look like secrets are named
 * only. @throws HoldfastError `session.notFound`, `file.unreadable`.
 */
export function exportSession(store: SessionStore, id: string): SessionRecord {
  const record = store.record(id, { withMessages: true });
  const variables = Object.entries(record.environment.set);
  const secret = variables.filter(([name, value]) => looksSecret(name, value));
  const open = variables.filter(([name, value]) => !looksSecret(name, value));
  return {
    ...record,
    environment: {
      set: Object.fromEntries(open),
      unset: record.environment.unset,
      secretNames: [...record.environment.secretNames, ...secret.map(([name]) => name)],
    },
  };
}

/** A session to be read by people. @throws HoldfastError `session.notFound`, `file.unreadable`. */
export function exportMarkdown(store: SessionStore, id: string): string {
  return recordToMarkdown(exportSession(store, id));
}
