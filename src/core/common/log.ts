export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Values of one log line. Never an environment, a prompt, transcript text or a token. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where core says what it does. `event` is a dotted past event (`task.exited`).
 * error: the user lost something; warn: we coped; info: a lifecycle step; debug and trace: for us.
 */
export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

const nothing = (): void => undefined;

/** For callers that have no place to log to. */
export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
};
