import type { Clock } from '../../../common/clock.ts';
import type { Log } from '../../../common/log.ts';

/** What guarding transcripts needs from the program that does it. */
export interface GuardHost {
  readonly home: string;
  /** See `claudeDirectoryOf`. */
  readonly claudeDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
}
