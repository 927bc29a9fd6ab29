import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  mayBelongTo,
  projectSlug,
} from '../../../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import { findTranscript } from '../../../../src/core/agents/claude-code/transcripts/findTranscript.ts';
import {
  listTranscripts,
  readTranscriptDetails,
  refreshSummaries,
} from '../../../../src/core/agents/claude-code/transcripts/listTranscripts.ts';
import { keepSessionName } from '../../../../src/core/agents/claude-code/transcripts/sessionNames.ts';
import { SummaryCache } from '../../../../src/core/agents/claude-code/transcripts/summaryCache.ts';
import { HoldfastError } from '../../../../src/core/common/errors.ts';
import { ownIdentity } from '../../../../src/core/processes/identity.ts';
import { TranscriptWriter, transcriptPlace, type TranscriptPlace } from './support.ts';

function refreshed(place: TranscriptPlace, folder: string | undefined = place.folder) {
  const scope = { claudeDirectory: place.claudeDirectory, folder };
  const cache = new SummaryCache(place.home);
  refreshSummaries(scope, cache);
  return { cache, sessions: listTranscripts(scope, cache) };
}

void describe('the name of a project’s folder', () => {
  test('has a dash for every unit that is no ASCII letter or digit', () => {
    assert.equal(projectSlug('/t/a b.c_d'), '-t-a-b-c-d');
    assert.equal(projectSlug('/Ünï日本'), '--n---');
    assert.equal(projectSlug('emoji😀x'), 'emoji--x');
  });

  test('is cut and given a hash beyond 200 characters', () => {
    const slug = projectSlug(`/${'a'.repeat(300)}`);
    assert.match(slug, /^-a{199}-[0-9a-z]+$/);
    assert.ok(mayBelongTo(slug, `/${'a'.repeat(300)}`));
  });

  test('tells which folders a project may lie in', () => {
    assert.ok(mayBelongTo('-home-app-src', '/home/app'));
    assert.ok(mayBelongTo('-home-app', '/home/app'));
    assert.ok(!mayBelongTo('-home-apple', '/home/app'));
    assert.ok(mayBelongTo('-work', '/'));
  });
});

void describe('the list of Claude Code’s sessions', () => {
  test('has title, prompts, times, files and background tasks of a transcript', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    writer.add({ type: 'file-history-snapshot', messageId: 'm', snapshot: {} });
    writer.say({ type: 'user', isMeta: true, message: { role: 'user', content: 'not typed' } });
    writer.prompt('fix the parser');
    writer.tool('Read', { file_path: '/p/a.ts' });
    writer.tool('Edit', { file_path: '/p/a.ts' });
    writer.tool('Read', { file_path: '/p/b.ts' });
    writer.tool('Write', { file_path: '/p/new.ts' }, { type: 'create' });
    writer.tool('Edit', { file_path: '/p/new.ts' });
    writer.tool('Write', { file_path: '/p/failed.ts' }, {}, true);
    writer.tool('Bash', { command: 'npm run dev' }, { backgroundTaskId: 'b123' });
    writer.say({
      type: 'user',
      origin: { kind: 'task-notification' },
      message: {
        role: 'user',
        content:
          '<task-notification>\n<task-id>b123</task-id>\n<status>failed</status></task-notification>',
      },
    });
    writer.add({ type: 'ai-title', aiTitle: 'Parser repair', sessionId: writer.id });
    writer.add({ type: 'custom-title', customTitle: 'first', sessionId: writer.id });
    writer.add({ type: 'custom-title', customTitle: 'Parser', sessionId: writer.id });
    writer.add({ type: 'from-the-future', uuid: 'u', anything: [1, { deep: true }] });
    const { sessions, cache } = refreshed(place);
    const [session] = sessions;
    assert.ok(session !== undefined);
    assert.equal(session.title, 'Parser');
    assert.equal(session.firstPrompt, 'fix the parser');
    assert.equal(session.cwd, place.folder);
    assert.equal(session.fileCount, 3);
    assert.equal(session.damagedLines, 0);
    const { files, tasks } = readTranscriptDetails(session.file, cache);
    assert.deepEqual(files, { read: ['/p/b.ts'], modified: ['/p/a.ts'], created: ['/p/new.ts'] });
    assert.deepEqual(
      tasks.map(({ id, command, status }) => ({ id, command, status })),
      [{ id: 'b123', command: 'npm run dev', status: 'failed' }],
    );
  });

  test('reads only what was added, and anew what was rewritten', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    writer.prompt('one');
    assert.equal(refreshed(place).sessions[0]?.messageCount, 1);
    writer.prompt('two');
    const half = JSON.stringify({ type: 'user', uuid: 'x', message: { content: 'three' } });
    writer.raw(half.slice(0, 20));
    assert.equal(refreshed(place).sessions[0]?.messageCount, 2);
    writer.raw(`${half.slice(20)}\n`);
    const { sessions } = refreshed(place);
    assert.equal(sessions[0]?.messageCount, 3);
    assert.equal(sessions[0].lastPrompt, 'three');
    const text = readFileSync(writer.path, 'utf8').replace('one', 'six');
    writeFileSync(writer.path, `${text}${text}`);
    assert.equal(refreshed(place).sessions[0]?.firstPrompt, 'six');
  });

  test('survives a cache that was cut anywhere', async (t) => {
    const place = await transcriptPlace(t);
    const writer = new TranscriptWriter(place);
    writer.prompt('one');
    refreshed(place);
    const file = path.join(place.home, 'claude', 'transcripts-1.cache');
    const whole = readFileSync(file);
    for (const length of [0, 1, 40, whole.length >> 1, whole.length - 2]) {
      writeFileSync(file, whole.subarray(0, length));
      assert.equal(refreshed(place).sessions[0]?.firstPrompt, 'one');
    }
    appendFileSync(file, 'no cache line\n\t\n{}\t{}\n');
    assert.equal(refreshed(place).sessions[0]?.firstPrompt, 'one');
  });

  test('has those of folders below, and no others that share the project’s name', async (t) => {
    const place = await transcriptPlace(t);
    const below = path.join(place.folder, 'sub');
    mkdirSync(below);
    new TranscriptWriter(place).prompt('here');
    new TranscriptWriter({ ...place, folder: below }).prompt('below');
    new TranscriptWriter({ ...place, folder: `${place.folder}-sub` }).prompt('beside');
    new TranscriptWriter({ ...place, folder: '/elsewhere' }).prompt('elsewhere');
    const prompts = (folder: string | undefined): (string | undefined)[] => {
      const cache = new SummaryCache(place.home);
      refreshSummaries({ claudeDirectory: place.claudeDirectory, folder }, cache);
      const scope = { claudeDirectory: place.claudeDirectory, folder };
      return listTranscripts(scope, cache)
        .map(({ firstPrompt }) => firstPrompt)
        .sort();
    };
    assert.deepEqual(prompts(place.folder), ['below', 'here']);
    assert.deepEqual(prompts(undefined), ['below', 'beside', 'elsewhere', 'here']);
  });

  test('says which are live, and what one waits for', async (t) => {
    const place = await transcriptPlace(t);
    const [live, dead] = [new TranscriptWriter(place), new TranscriptWriter(place)];
    dead.prompt('dead');
    live.prompt('live');
    live.answer({ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'npm test' } });
    const sessions = path.join(place.claudeDirectory, 'sessions');
    mkdirSync(sessions);
    const { pid, startTime } = ownIdentity();
    const record = {
      pid,
      procStart: startTime,
      status: 'waiting',
      waitingFor: 'permission prompt',
    };
    const write = (name: string, fields: object): void => {
      writeFileSync(path.join(sessions, name), JSON.stringify({ ...record, ...fields }));
    };
    write(`${pid}.json`, { sessionId: live.id });
    write('1.json', { sessionId: dead.id, procStart: '1' });
    writeFileSync(path.join(sessions, '2.json'), '{"pid":');
    const listed = refreshed(place).sessions;
    const [liveOne] = listed.filter(({ id }) => id === live.id);
    assert.equal(liveOne?.live?.status, 'waiting');
    assert.equal(liveOne.live.waitingFor, 'permission prompt');
    assert.equal(liveOne.pendingTool, 'Bash: npm test');
    assert.equal(listed.find(({ id }) => id === dead.id)?.live, undefined);
  });

  test('is searched by id, beginning of an id, chosen name and title', async (t) => {
    const place = await transcriptPlace(t);
    const [one, two] = [new TranscriptWriter(place), new TranscriptWriter(place)];
    one.prompt('one');
    two.prompt('two');
    two.add({ type: 'custom-title', customTitle: 'The Title', sessionId: two.id });
    keepSessionName(place.home, place.folder, 'project-main', one.id);
    const { sessions } = refreshed(place);
    const find = (given: string): string => findTranscript(sessions, given, place).id;
    assert.equal(find(one.id), one.id);
    assert.equal(find(two.id.slice(0, 13)), two.id);
    assert.equal(find('project-main'), one.id);
    assert.equal(find('the title'), two.id);
    assert.throws(() => find('../x'), isCode('claude.sessionNotFound'));
    assert.throws(() => {
      keepSessionName(place.home, place.folder, 'project-main', two.id);
    }, isCode('claude.nameTaken'));
  });
});

function isCode(code: Parameters<typeof HoldfastError.is>[1]): (error: unknown) => boolean {
  return (error) => HoldfastError.is(error, code);
}
