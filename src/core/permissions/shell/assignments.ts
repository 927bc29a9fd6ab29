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

/** Any name may be switched on or off, unless it sounds as if it named a program, a file, or what is trusted. */
const SWITCH = /^(\d{1,6}|true|false|yes|no|on|off)?$/i;
const MEANINGFUL =
  /PATH|ENV$|^(LD|DYLD|GIT|SSH|SUDO|DOCKER|KUBE|AWS|MAKE)|BASH|ZDOTDIR|SHELL|IFS|PYTHON|PERL|RUBY|NODE|NPM|JAVA|PAGER|EDITOR|VISUAL|BROWSER|OPT|FLAG|PRELOAD|GLOB|IGNORE|STARTUP|INIT|RC$|CONFIG|HOME|DIR|ROOT|LIB|CMD|COMMAND|EXEC|TOOL|WRAP|HOOK|FILE|ALLOW|TRUST|SECUR|SAFE|DISABLE|SKIP|VERIFY|TLS|SSL|PROXY|HOST|USER|UID|FORCE|BYPASS|^(CC|CXX|LD|AR|PS\d|PROMPT_.*|OLDPWD|PWD|TERM|_)$/i;

/** Why an assignment has to be asked about; undefined when it changes nothing that matters. */
export function whyAssignmentAsks({ name, value }: Assignment): string | undefined {
  const text = value.value;
  if (!HARMLESS.has(name) && !LOCALE.test(name)) {
    return text !== undefined && SWITCH.test(text) && isOrdinary(name)
      ? undefined
      : `it sets ${name}, which may change what runs`;
  }
  if (text === undefined || !/^[\w.,:@%+/*=-]*$/.test(text) || /^[/-]|\.\./.test(text)) {
    return `the value that it gives to ${name} may change what runs`;
  }
  return undefined;
}

/** `PATH+=` and `a[…]=` are no plain names. */
function isOrdinary(name: string): boolean {
  return /^\w+$/.test(name) && !MEANINGFUL.test(name);
}
