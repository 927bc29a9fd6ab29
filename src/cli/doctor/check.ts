/** One thing that `holdfast doctor` has looked at. */
export interface Check {
  readonly name: string;
  /** warn: works, but something is not as good as it could be, or had to be mended. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message };
}

export function warn(name: string, message: string, fix?: string): Check {
  return { name, status: 'warn', message, ...(fix === undefined ? {} : { fix }) };
}

export function fail(name: string, message: string, fix: string): Check {
  return { name, status: 'fail', message, fix };
}
