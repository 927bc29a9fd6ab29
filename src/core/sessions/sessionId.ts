import { HoldfastError } from '../common/errors.ts';

const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Words that commands give a meaning of their own. */
const RESERVED = new Set(['all', 'current', 'index', 'last', 'latest', 'new', 'none']);
/** Windows opens a device for these, whatever the extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Why a text cannot be the id of a session, in words; undefined when it can. */
export function whyNoSessionId(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (text.length > 64) return 'it is longer than 64 characters';
  if (!ID.test(text)) {
    return /^[.-]/.test(text)
      ? 'it begins with "." or "-"'
      : 'only letters, digits, ".", "_" and "-" are allowed';
  }
  if (text.endsWith('.')) return 'it ends with "."';
  if (RESERVED.has(text.toLowerCase())) return 'the word has a meaning of its own';
  if (DEVICE.test(text)) return 'Windows has a device of this name';
  return undefined;
}

export function isSessionId(text: string): boolean {
  return whyNoSessionId(text) === undefined;
}

/** Claude Code takes only UUIDs as ids of its own sessions. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** @throws HoldfastError `session.idInvalid`. */
export function requireSessionId(text: string): string {
  const reason = whyNoSessionId(text);
  if (reason === undefined) return text;
  throw new HoldfastError(
    'session.idInvalid',
    `${JSON.stringify(text)} cannot be a session's id: ${reason}`,
    { data: { id: text, reason } },
  );
}
