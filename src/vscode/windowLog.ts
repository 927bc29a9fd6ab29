import type * as vscode from 'vscode';
import type { Log, LogFields, LogLevel } from '../core/common/log.ts';

/** Core's log, shown in the output channel "Holdfast", whose level the user sets in the Output panel. */
export function createWindowLog(channel: vscode.LogOutputChannel): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields?: LogFields): void => {
      if (fields === undefined) channel[level](event);
      else channel[level](event, JSON.stringify(fields, describeErrors));
    };
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
  };
}

/** JSON has no form for an Error, and would show it as `{}`. */
function describeErrors(_name: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? String(value)) : value;
}
