import { objectOf, textOf, wordsOf, type TranscriptLine } from './transcriptLine.ts';

/** Lines of the user's side that Claude Code writes by itself. */
const NOT_TYPED =
  /^\s*(?:<(?:local-command-\w+|task-notification|system-reminder|bash-\w+)>|Caveat:)/;
const COMMAND = /<command-name>([^<]*)<\/command-name>/;
const COMMAND_ARGUMENTS = /<command-args>([^<]*)<\/command-args>/;
const INTERRUPTION = /^\[Request interrupted by user[^\]]*\]$/;

/** What the user typed in this line; undefined for what tools gave and what Claude Code added. */
export function promptOf(line: TranscriptLine): string | undefined {
  if (line['type'] !== 'user') return undefined;
  const isOther = ['isMeta', 'isSidechain', 'isCompactSummary', 'isVisibleInTranscriptOnly'];
  if (isOther.some((name) => line[name] === true)) return undefined;
  const origin = textOf(objectOf(line, 'origin'), 'kind');
  if (origin !== undefined && origin !== 'human') return undefined;
  const words = wordsOf(line).trim();
  if (words === '' || NOT_TYPED.test(words) || INTERRUPTION.test(words)) return undefined;
  return commandIn(words) ?? words;
}

/** `/name arguments`, as it was typed. */
function commandIn(words: string): string | undefined {
  const [, name] = COMMAND.exec(words) ?? [];
  if (name === undefined || !words.startsWith('<command-')) return undefined;
  const [, rest = ''] = COMMAND_ARGUMENTS.exec(words) ?? [];
  return `${name} ${rest}`.trim();
}
