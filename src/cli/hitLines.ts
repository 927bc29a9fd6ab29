import type { SearchHit } from '../core/search/searchHit.ts';
import type { TextRange } from '../core/search/snippet.ts';
import { oneLine } from '../core/tasks/describeTask.ts';

const MAX_TITLE_CHARACTERS = 60;
const BOLD = 1;

/** Found sessions to be read: two lines each, the matches in bold where the terminal can. */
export function hitLines(
  hits: readonly SearchHit[],
  { allWorkspaces }: { allWorkspaces?: boolean },
): string[] {
  // https://no-color.org: any value but the empty one turns colours off.
  const hasColours = process.stdout.isTTY && !process.env['NO_COLOR'];
  const lines: string[] = [];
  for (const hit of hits) {
    const time = new Date(hit.timeMs).toLocaleString('sv').slice(0, 16);
    const title = Array.from(oneLine(hit.title)).slice(0, MAX_TITLE_CHARACTERS).join('');
    const workspace = allWorkspaces ? `  (${hit.workspace})` : '';
    lines.push(`${time}  ${hit.sessionId}  ${title}${workspace}`);
    lines.push(`    ${hasColours ? highlight(hit.snippet, hit.ranges) : hit.snippet}`);
  }
  return lines;
}

function highlight(text: string, ranges: readonly TextRange[]): string {
  let shown = '';
  let end = 0;
  for (const range of ranges) {
    shown += text.slice(end, range.start);
    shown += `\u001b[${BOLD}m${text.slice(range.start, range.end)}\u001b[0m`;
    end = range.end;
  }
  return shown + text.slice(end);
}
