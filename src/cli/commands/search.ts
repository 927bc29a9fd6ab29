import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { searchOnce } from '../../core/search/searchOnce.ts';
import { findIndexerScript } from '../../core/search/openSearch.ts';
import type { RefreshProgress } from '../../core/search/refreshIndex.ts';
import type { SearchHit } from '../../core/search/searchHit.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { hitLines } from '../hitLines.ts';
import { parseCount } from '../optionValues.ts';
import { addCommand } from '../program.ts';
import { tell, writeJson, writeLine } from '../stdio.ts';

interface SearchCommandOptions extends CommonOptions {
  readonly allWorkspaces?: boolean;
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;
/** Who waits longer is told for what. */
const PATIENCE_MS = 1000;

const details = `A session is found when all the words occur in it; they may be the beginnings of words. "In quotes" (which the shell needs in quotes of its own) stand words that follow one another. Capitals and accents make no difference.`;

export function define(program: Command): void {
  addCommand(program, 'search', {
    summary: 'find sessions by what was said and done in them',
    details,
    example:
      'holdfast search parser bug\nholdfast search \'"out of memory"\' --all-workspaces --json',
  })
    .argument('<words...>', 'what to look for')
    .option('--all-workspaces', 'in the sessions of every folder')
    .option('--limit <n>', 'how many sessions at most', parseCount, DEFAULT_LIMIT)
    .action(search);
}

async function search(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const { workspace, log } = openHost(options);
  const host = {
    home: workspace.home,
    log,
    indexerScript: findIndexerScript(import.meta.dirname),
    onProgress: progressTeller(),
  };
  const text = words.join(' ');
  if (text.trim() === '') throw new HoldfastError('input.invalid', 'there is nothing to look for');
  const { hits } = await searchOnce(host, text, {
    limit: options.limit,
    workspace: options.allWorkspaces ? undefined : workspace.folder,
  });
  if (options.json) await writeJson(hits.map(hitJson));
  else if (hits.length > 0) await writeLine(hitLines(hits, options).join('\n'));
  else await writeLine(`No session ${placeOf(options, workspace.folder)} has ${text}.`);
}

/** One hit as `--json` gives it; scripts rely on the names. The time is ISO 8601 in UTC. */
function hitJson(hit: SearchHit): object {
  return {
    sessionId: hit.sessionId,
    title: hit.title,
    time: new Date(hit.timeMs).toISOString(),
    snippet: hit.snippet,
    workspace: hit.workspace,
    source: hit.source,
    kind: hit.kind,
    role: hit.role ?? null,
    ranges: hit.ranges,
  };
}

function placeOf({ allWorkspaces }: SearchCommandOptions, folder: string): string {
  return allWorkspaces ? 'of any folder' : `of ${folder}`;
}

/** The first search in a large store takes a while, the next ones do not. */
function progressTeller(): (progress: RefreshProgress) => void {
  const startMs = performance.now();
  let isTold = false;
  return ({ files }) => {
    if (isTold || performance.now() - startMs < PATIENCE_MS) return;
    isTold = true;
    tell(`indexing ${files} sessions, which later searches do not have to wait for`);
  };
}
