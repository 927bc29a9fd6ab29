import type { Command } from 'commander';
import { createSession } from '../../core/sessions/createSession.ts';
import { resumeSession } from '../../core/sessions/resumeSession.ts';
import { findJournal, sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { requireSessionId } from '../../core/sessions/sessionId.ts';
import type { CommonOptions } from '../context.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { openStore } from './openStore.ts';
import { reportResumed, tellHowToBelong } from './takeUp.ts';

interface NewOptions extends CommonOptions {
  readonly title?: string;
  readonly orResume?: boolean;
}

/** Begins a session; with `--or-resume` one that is there already is taken up instead. */
export async function newSession(id: string | undefined, command: Command): Promise<void> {
  const options = command.optsWithGlobals<NewOptions>();
  const store = openStore(options);
  const { host } = store;
  if (id !== undefined && options.orResume === true) {
    if (findJournal(sessionFilesOf(host.workspace, requireSessionId(id))) !== undefined) {
      await reportResumed(resumeSession(store, id), options, { isNew: false });
      return;
    }
  }
  const { title } = options;
  const created = createSession(host, {
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
  });
  if (options.json) {
    await writeJson({ sessionId: created, title: title ?? null, isNew: true });
    return;
  }
  await writeLine(created);
  if (options.orResume === true) tellHowToBelong(created);
}
