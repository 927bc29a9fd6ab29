import type { Word } from './word.ts';

/** `NAME=value` before a command, or alone. */
export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

/** They change how a program looks or talks, not what runs. */
const HARMLESS = new Set(
  (
    'CI NODE_ENV FORCE_COLOR NO_COLOR CLICOLOR CLICOLOR_FORCE LANG LANGUAGE TZ COLUMNS LINES DEBUG VERBOSE PORT ' +
    'RUST_BACKTRACE RUST_LOG PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHASHSEED DO_NOT_TRACK ' +
    'NEXT_TELEMETRY_DISABLED GOOS GOARCH CGO_ENABLED RAILS_ENV RACK_ENV APP_ENV LOG_LEVEL'
  ).split(' '),
);
const LOCALE = /^LC_[A-Z]+$/;

/** Why an assignment has to be asked about; undefined when it changes nothing that matters. */
export function whyAssignmentAsks({ name, value }: Assignment): string | undefined {
  if (!HARMLESS.has(name) && !LOCALE.test(name))
    return `it sets ${name}, which may change what runs`;
  const text = value.value;
  if (text === undefined || !/^[\w.,:@%+/*= -]*$/.test(text) || /^\/|\.\./.test(text)) {
    return `the value that it gives to ${name} may change what runs`;
  }
  return undefined;
}
