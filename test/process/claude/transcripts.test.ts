import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { projectSlug } from '../../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import { waitFor } from '../../support/waitFor.ts';
import { allowBash, call, claudeVersions, startClaude, type Claude } from './support/claude.ts';
import { startInTerminal } from './support/terminal.ts';

interface Listed {
  readonly sessionId: string;
  readonly title: string | null;
  readonly firstPrompt: string;
  readonly directory: string;
  readonly messageCount: number;
  readonly files: {
    readonly read: string[];
    readonly modified: string[];
    readonly created: string[];
  };
  readonly backgroundTasks: readonly { readonly command: string; readonly status: string }[];
  readonly live: { readonly pid: number; readonly status: string | null } | null;
  readonly path: string;
}

/** `holdfast claude …` finds the `claude` of the test. */
function environment(claude: Claude): Record<string, string> {
  const PATH = `${path.dirname(claude.program)}${path.delimiter}${claude.env['PATH'] ?? ''}`;
  return { ...claude.env, PATH };
}

async function sessionsOf(claude: Claude): Promise<Listed[]> {
  return (await claude.cli.json(['claude', 'sessions'], { env: claude.env })) as Listed[];
}

function transcriptOf(claude: Claude, id: string): string {
  return path.join(claude.configDirectory, 'projects', projectSlug(claude.folder), `${id}.jsonl`);
}

async function guard(claude: Claude, ...args: string[]): Promise<unknown> {
  return claude.cli.json(['claude', 'guard', ...args], { env: claude.env });
}

/** Three prompts in one session, each with a word that a later request must have. */
async function threePrompts(claude: Claude): Promise<string> {
  const id = randomUUID();
  await claude.prompt(['remember the first word: alder'], ['--session-id', id]);
  await claude.prompt(['remember the second word: birch'], ['--resume', id]);
  await claude.prompt(['remember the third word: cedar'], ['--resume', id]);
  return id;
}

/** What the model is sent when the session is taken up once more. */
async function sentOnResume(claude: Claude, id: string): Promise<string> {
  const before = claude.api.requests.length;
  const { exitCode, stderr } = await claude.prompt(['which words?'], ['--resume', id]);
  assert.equal(exitCode, 0, stderr);
  return claude.api.textSince(before);
}

for (const version of claudeVersions) {
  void describe(`transcripts of Claude Code ${version}`, () => {
    test('a session is listed with its prompt, files and background tasks', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      writeFileSync(path.join(claude.folder, 'old.txt'), 'one\n');
      const inFolder = (name: string): string => path.join(claude.folder, name);
      await claude.prompt(
        [
          'look around',
          call('Read', { file_path: inFolder('old.txt') }),
          call('Edit', { file_path: inFolder('old.txt'), old_string: 'one', new_string: 'two' }),
          call('Write', { file_path: inFolder('new.txt'), content: 'new\n' }),
          call('Bash', { command: 'sleep 1', run_in_background: true }),
        ],
        ['--allowedTools', 'Bash,Read,Edit,Write', '--name', 'forest walk'],
      );
      const [session, ...others] = await sessionsOf(claude);
      assert.equal(others.length, 0);
      assert.match(session?.firstPrompt ?? '', /^look around/);
      assert.equal(session?.title, 'forest walk');
      assert.equal(session.directory, claude.folder);
      assert.deepEqual(session.files, {
        read: [],
        modified: [inFolder('old.txt')],
        created: [inFolder('new.txt')],
      });
      assert.deepEqual(
        session.backgroundTasks.map(({ command }) => command),
        ['sleep 1'],
      );
      assert.ok(session.messageCount >= 6);
      const found = (await claude.cli.json(['search', 'look', 'around'], {
        env: claude.env,
      })) as { sessionId: string; source: string; title: string }[];
      assert.deepEqual(
        found.map(({ sessionId, source, title }) => ({ sessionId, source, title })),
        [{ sessionId: session.sessionId, source: 'claude', title: 'forest walk' }],
      );
    });

    test('a deleted transcript is restored, and resuming it sends all of it', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const id = await threePrompts(claude);
      await guard(claude);
      rmSync(transcriptOf(claude, id));
      const { damage } = (await guard(claude)) as { damage: { kind: string; messages: number }[] };
      assert.deepEqual(
        damage.map(({ kind, messages }) => ({ kind, messages })),
        [{ kind: 'deleted', messages: 6 }],
      );
      await guard(claude, 'restore', id.slice(0, 8));
      assert.deepEqual(await guard(claude, 'list'), []);
      const sent = await sentOnResume(claude, id);
      for (const word of ['alder', 'birch', 'cedar']) assert.match(sent, new RegExp(word));
    });

    test('a truncated transcript is restored, and the stub is kept', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const id = await threePrompts(claude);
      const transcript = transcriptOf(claude, id);
      const before = readFileSync(transcript);
      const cutBytes = before.indexOf('birch');
      await guard(claude);
      truncateSync(transcript, cutBytes);
      const { damage } = (await guard(claude)) as { damage: { kind: string }[] };
      assert.deepEqual(
        damage.map(({ kind }) => kind),
        ['truncated'],
      );
      const [restored] = (await guard(claude, 'restore', id)) as { setAside: string }[];
      assert.ok(readFileSync(transcript).equals(before));
      const stub = readFileSync(restored?.setAside ?? '');
      assert.ok(stub.equals(before.subarray(0, cutBytes)));
      const sent = await sentOnResume(claude, id);
      for (const word of ['alder', 'birch', 'cedar']) assert.match(sent, new RegExp(word));
    });

    test('a line torn by a crash with the next one joined to it is repaired', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const id = await threePrompts(claude);
      const transcript = transcriptOf(claude, id);
      const lines = readFileSync(transcript, 'utf8').split('\n');
      const birch = lines.findIndex((line) => line.includes('"user"') && line.includes('birch'));
      const torn = (lines[birch] ?? '').slice(0, 100);
      lines.splice(birch, 2, `${torn}${lines[birch + 1] ?? ''}`);
      writeFileSync(transcript, lines.join('\n'));
      const repaired = (await guard(claude, 'repair', id)) as Record<string, unknown>;
      assert.equal(repaired['splitLines'], 1);
      assert.equal(repaired['lostPieces'], 1);
      assert.equal(typeof repaired['setAside'], 'string');
      const sent = await sentOnResume(claude, id);
      for (const word of ['alder', 'cedar']) assert.match(sent, new RegExp(word));
    });

    test('a session gets a name, by which it is resumed', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const env = environment(claude);
      const started = await claude.cli.call(
        ['claude', 'new', '--name', 'project-main', '--', '-p', 'remember the first word: alder'],
        { env },
      );
      assert.equal(started.exitCode, 0, started.stderr);
      const before = claude.api.requests.length;
      const resumed = await claude.cli.call(
        ['claude', 'resume', 'project-main', '--', '-p', 'which words?'],
        { env },
      );
      assert.equal(resumed.exitCode, 0, resumed.stderr);
      assert.match(claude.api.textSince(before), /alder/);
      const branched = await claude.cli.call(
        ['claude', 'branch', 'project-main', '--', '-p', 'which words in the copy?'],
        { env },
      );
      assert.equal(branched.exitCode, 0, branched.stderr);
      assert.equal((await sessionsOf(claude)).length, 2);
    });

    test('a session that is open in a terminal is not opened twice, but branched', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const env = environment(claude);
      const terminal = await startInTerminal(t, claude, allowBash);
      await terminal.ask('remember the first word: alder');
      const live = await waitFor(async () => {
        return (await sessionsOf(claude)).find((session) => session.live?.status === 'idle');
      });
      const id = live.sessionId;
      const refused = await claude.cli.call(['claude', 'resume', id, '--', '-p', 'more'], { env });
      assert.equal(refused.exitCode, 1);
      assert.match(refused.stderr, /is open in Claude Code already/);
      const branched = await claude.cli.call(
        ['claude', 'resume', id, '--branch', '--', '-p', 'more'],
        { env },
      );
      assert.equal(branched.exitCode, 0, branched.stderr);
      assert.equal((await sessionsOf(claude)).length, 2);
      const unsafe = await claude.cli.call(['claude', 'guard', 'repair', id], { env });
      assert.equal(unsafe.exitCode, 1);
      terminal.kill('SIGTERM');
      await terminal.untilEnded();
      appendFileSync(live.path, '{"type":"unknown-to-us","sessionId":"x"}\n');
      const more = await claude.cli.call(['claude', 'resume', id, '--', '-p', 'more'], { env });
      assert.equal(more.exitCode, 0, more.stderr);
    });
  });
}
