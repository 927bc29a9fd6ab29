import { HoldfastError } from '../../core/common/errors.ts';
import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { listWorkspaces } from '../../core/store/workspace.ts';
import { hostFor, openHost, type CommonOptions } from '../context.ts';

export interface SessionOptions extends CommonOptions {
  readonly allWorkspaces?: boolean;
}

/** A session that a command line names, and the store that has it. */
export interface FoundSession {
  readonly store: SessionStore;
  readonly id: string;
}

/** @throws HoldfastError `home.unsafe`, `workspace.none`, `task.cwdMissing`. */
export function openStore(options: CommonOptions): SessionStore {
  return new SessionStore(openHost(options));
}

/** This workspace's sessions, or with `--all-workspaces` every workspace's, this one's first. */
export function openStores(options: SessionOptions): SessionStore[] {
  const own = openStore(options);
  return options.allWorkspaces === true ? [own, ...otherStores(own)] : [own];
}

/**
 * Finds a session by its id or how that begins. One that only another workspace has is named in the failure.
 * @throws HoldfastError `session.notFound`, and as {@link openStore}.
 */
export function findSession(options: SessionOptions, given: string): FoundSession {
  const own = openStore(options);
  try {
    return { store: own, id: own.resolveId(given) };
  } catch (error) {
    if (!HoldfastError.is(error, 'session.notFound')) throw error;
    // Those that were meant are here, only which one is not clear.
    if (error.data['isAmbiguous'] === true) throw error;
    const elsewhere = otherStores(own).flatMap((store) => tryResolve(store, given));
    const [only] = elsewhere;
    if (only === undefined) throw error;
    if (options.allWorkspaces === true && elsewhere.length === 1) return only;
    const folders = elsewhere.map(({ store }) => store.host.workspace.folder);
    throw new HoldfastError('session.notFound', error.message, {
      data: { ...error.data, folders },
      cause: error,
    });
  }
}

function otherStores({ host }: SessionStore): SessionStore[] {
  const { home, directory } = host.workspace;
  return listWorkspaces(home)
    .filter((workspace) => workspace.directory !== directory)
    .map((workspace) => new SessionStore(hostFor(workspace)));
}

function tryResolve(store: SessionStore, given: string): FoundSession[] {
  try {
    return [{ store, id: store.resolveId(given) }];
  } catch (error) {
    if (HoldfastError.is(error, 'session.notFound')) return [];
    throw error;
  }
}
