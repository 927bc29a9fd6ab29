import { oneLine } from '../../../tasks/describeTask.ts';
import { textOf, type ToolUse } from './transcriptLine.ts';

const MAX_CHARACTERS = 120;
/** Fields that say best what a call is about, the best first. */
const TELLING = ['command', 'file_path', 'notebook_path', 'path', 'url', 'pattern', 'query'];

/** A tool call in a few words: `Bash: npm test`. */
export function describeTool({ name, input }: ToolUse): string {
  const about = [...TELLING, 'description', 'prompt'].flatMap(
    (field) => textOf(input, field) ?? [],
  );
  return oneLine(about[0] === undefined ? name : `${name}: ${about[0]}`, MAX_CHARACTERS);
}
