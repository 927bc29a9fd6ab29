import { SessionStore } from '../../core/sessions/sessionStore.ts';
import { openHost, type CommonOptions } from '../context.ts';

/** @throws HoldfastError `home.unsafe`, `workspace.none`, `task.cwdMissing`. */
export function openStore(options: CommonOptions): SessionStore {
  return new SessionStore(openHost(options));
}
