/** Every failure a person may meet, by a stable code. `src/core/common/userMessage.ts` gives each one its words. */
export type ErrorCode =
  | 'home.unsafe'
  | 'home.notWritable'
  | 'disk.full'
  | 'file.unreadable'
  | 'file.notFound'
  | 'file.outside'
  | 'file.notText'
  | 'file.notRead'
  | 'file.changed'
  | 'file.noMatch'
  | 'file.notWritable'
  | 'workspace.none'
  | 'workspace.untrusted'
  | 'workspace.virtual'
  | 'settings.outOfRange'
  | 'task.commandEmpty'
  | 'task.cwdMissing'
  | 'task.notFound'
  | 'task.notRunning'
  | 'task.stillRunning'
  | 'task.tooMany'
  | 'task.startFailed'
  | 'task.restartInProgress'
  | 'task.logMissing'
  | 'session.idInvalid'
  | 'session.idTaken'
  | 'session.notFound'
  | 'session.none'
  | 'session.damaged'
  | 'session.newerVersion'
  | 'session.heldElsewhere'
  | 'session.directoryGone'
  | 'session.importInvalid'
  | 'permission.notFound'
  | 'terminal.unavailable'
  | 'terminal.none'
  | 'terminal.unreachable'
  | 'terminal.newerVersion'
  | 'claude.notInstalled'
  | 'claude.settingsInvalid'
  | 'claude.unsupported'
  | 'claude.sessionNotFound'
  | 'claude.sessionLive'
  | 'claude.directoryGone'
  | 'claude.nothingToRestore'
  | 'claude.nameTaken'
  | 'model.none'
  | 'model.refused'
  | 'process.limitReached'
  | 'process.survived'
  | 'input.invalid';

/**
 * A failure of ours that we expected could happen. How a task's command ended is never one of these: that is data
 * (`TaskResult`). Tell one from another with {@link HoldfastError.is}, never by the message.
 */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.data = options.data ?? {};
  }

  static is(error: unknown, code?: ErrorCode): error is HoldfastError {
    return error instanceof HoldfastError && (code === undefined || error.code === code);
  }
}

/** The `code` of a Node system error (`ENOENT`, …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** A file or directory that is there and cannot be read, with the system's own error as cause. */
export function unreadable(path: string, cause: unknown): HoldfastError {
  const message = `reading ${path}: ${String(cause)}`;
  return new HoldfastError('file.unreadable', message, { data: { path }, cause });
}
