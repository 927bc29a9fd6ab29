import { mkdirSync } from 'node:fs';
import { adoptAbandoned } from '../../core/agents/tools/adoptAbandoned.ts';
import {
  openCaptureDirectory,
  type CaptureDirectory,
} from '../../core/agents/tools/captureDirectory.ts';
import type { Disposable } from '../../core/common/disposables.ts';
import type { OpenedWindow } from '../commands/commandScope.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { openWorkingSession, type WorkingSession } from './workingSession.ts';

/** The sessions of a window in which agents work. One for each window, and gone with it. */
export class WorkingSessions implements Disposable {
  readonly sessions: SessionWindow;
  readonly #opened = new Map<string, WorkingSession>();
  #captures: CaptureDirectory | undefined;

  constructor(sessions: SessionWindow) {
    this.sessions = sessions;
    adoptAbandoned(sessions.window.host);
  }

  /** The window's current session; one is begun where there is none. @throws HoldfastError as `createSession`. */
  current(about: string): WorkingSession {
    return this.open(this.sessions.current.ensure(about));
  }

  /** A session that the window holds. @throws HoldfastError as {@link openWorkingSession}. */
  open(id: string): WorkingSession {
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const opened = openWorkingSession(this.sessions, id, () => this.#captureDirectory());
    this.#opened.set(id, opened);
    return opened;
  }

  /** It may go on in another process, whose messages are to be read when it comes back. */
  forget(id: string): void {
    this.#opened.delete(id);
  }

  dispose(): void {
    this.#captures?.dispose();
    this.#opened.clear();
  }

  #captureDirectory(): string {
    this.#captures ??= openCaptureDirectory(this.sessions.window.host.environment);
    // Somebody may have tidied up what lies in memory.
    mkdirSync(this.#captures.path, { recursive: true, mode: 0o700 });
    return this.#captures.path;
  }
}

const windows = new WeakMap<SessionWindow, WorkingSessions>();

/** @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`. */
export async function workingSessionsOf(window: OpenedWindow): Promise<WorkingSessions> {
  const sessions = await window.sessions.open();
  const known = windows.get(sessions);
  if (known !== undefined) return known;
  const opened = window.disposables.add(new WorkingSessions(sessions));
  windows.set(sessions, opened);
  return opened;
}
