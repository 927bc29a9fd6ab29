import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  listGenerations,
  listMirrors,
  readSource,
} from '../../../src/core/agents/claude-code/transcripts/mirror.ts';
import { waitFor } from '../../support/waitFor.ts';
import { claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { startInTerminal } from './support/terminal.ts';

/** The newest copy of the only transcript. */
function copyOf({ cli }: Claude): { readonly source: string; readonly text: string } | undefined {
  const [mirror] = listMirrors(cli.home);
  const latest = mirror && listGenerations(mirror).at(-1);
  if (mirror === undefined || latest === undefined) return undefined;
  const source = readSource(mirror)?.path;
  return source === undefined ? undefined : { source, text: readFileSync(latest.path, 'utf8') };
}

for (const version of claudeVersions) {
  void describe(`a transcript of Claude Code ${version} is copied by hooks`, () => {
    test('after each turn, and whole when it ends', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      await claude.protect();
      const terminal = await startInTerminal(t, claude);
      await terminal.ask('remember the word alder');
      await waitFor(() => copyOf(claude)?.text.includes('alder') === true);
      assert.ok(!terminal.hasEnded());
      await terminal.ask('/exit');
      await terminal.untilEnded();
      await waitFor(() => {
        const copy = copyOf(claude);
        return copy !== undefined && copy.text === readFileSync(copy.source, 'utf8');
      });
    });
  });
}
