import type { Log, LogFields } from '../core/common/log.ts';

/** To stderr, which clients keep as the server's log: stdout is the protocol. Steps and details only when asked for. */
export function createStderrLog(environment: NodeJS.ProcessEnv): Log {
  const write = (level: string) => (event: string, fields?: LogFields) => {
    const details = fields === undefined ? '' : ` ${JSON.stringify(fields, inWords)}`;
    process.stderr.write(`${new Date().toISOString()} ${level} ${event}${details}\n`);
  };
  const debugging = environment['HOLDFAST_DEBUG'] ? write : () => () => undefined;
  return {
    error: write('error'),
    warn: write('warn'),
    info: debugging('info'),
    debug: debugging('debug'),
    trace: () => undefined,
  };
}

/** JSON has no form for errors. */
function inWords(_name: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
