import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { describeFile } from '../../../src/core/sessions/describeFile.ts';
import {
  keepVersion,
  readKeptVersion,
  sweepVersions,
} from '../../../src/core/sessions/keptVersions.ts';
import { pruneSessions } from '../../../src/core/sessions/pruneSessions.ts';
import { createSessions, DAY_MS, type TestSessions } from '../../support/sessions.ts';

function put(sessions: TestSessions, name: string, content: string | Buffer): string {
  const file = path.join(sessions.folder, name);
  writeFileSync(file, content);
  return file;
}

function keep({ host }: TestSessions, file: string): string | undefined {
  const hash = describeFile(file)?.hash ?? '';
  return keepVersion(host, file, hash) ? hash : undefined;
}

const directoryOf = ({ host }: TestSessions): string =>
  path.join(host.workspace.directory, 'versions');

describe('the version of a file that a session has touched', () => {
  it('can be read after the file has changed', async (t) => {
    const sessions = await createSessions(t);
    const file = put(sessions, 'a.txt', 'Größe 寸法\n');
    const hash = keep(sessions, file);
    assert.ok(hash);
    put(sessions, 'a.txt', 'another');
    assert.equal(readKeptVersion(sessions.host.workspace, hash), 'Größe 寸法\n');
    assert.equal(statSync(path.join(directoryOf(sessions), hash)).mode & 0o777, 0o600);
    // What is not that version any more, and what is no hash, is nobody's version.
    assert.equal(keepVersion(sessions.host, file, hash.replace(/^./, 'x')), false);
    assert.equal(keepVersion(sessions.host, file, '0'.repeat(64)), false);
    assert.equal(readKeptVersion(sessions.host.workspace, '../workspace.json'), undefined);
    writeFileSync(path.join(directoryOf(sessions), hash), 'tampered with');
    assert.equal(readKeptVersion(sessions.host.workspace, hash), undefined);
  });

  it('is kept of no file of secrets, no long one and no binary one', async (t) => {
    const sessions = await createSessions(t);
    for (const name of ['.env', '.env.local', 'server.pem', 'id_ed25519', 'my-credentials.json']) {
      assert.equal(keep(sessions, put(sessions, name, 'x')), undefined, name);
    }
    assert.equal(keep(sessions, put(sessions, 'long.txt', 'x'.repeat(1_100_000))), undefined);
    assert.equal(keep(sessions, put(sessions, 'image.png', Buffer.from([1, 0, 2]))), undefined);
    assert.ok(keep(sessions, put(sessions, 'tokenizer.ts', 'x')));
  });

  it('fails in silence where nothing can be written', async (t) => {
    const sessions = await createSessions(t);
    mkdirSync(path.dirname(directoryOf(sessions)), { recursive: true });
    writeFileSync(directoryOf(sessions), 'in the way');
    assert.equal(keep(sessions, put(sessions, 'a.txt', 'x')), undefined);
  });

  it('goes with old sessions, and when there are too many of them the oldest goes first', async (t) => {
    const sessions = await createSessions(t);
    const old = keep(sessions, put(sessions, 'a.txt', 'old')) ?? '';
    const touched = keep(sessions, put(sessions, 'b.txt', 'touched')) ?? '';
    sessions.clock.nowMs += 20 * DAY_MS;
    keep(sessions, path.join(sessions.folder, 'b.txt'));
    sessions.clock.nowMs += 15 * DAY_MS;
    pruneSessions(sessions.store, { isDryRun: true });
    assert.equal(readdirSync(directoryOf(sessions)).length, 2);
    pruneSessions(sessions.store);
    assert.deepEqual(readdirSync(directoryOf(sessions)), [touched]);
    assert.equal(readKeptVersion(sessions.host.workspace, old), undefined);
    const now = sessions.clock.nowMs / 1000;
    for (let index = 0; index < 70; index += 1) {
      const file = path.join(directoryOf(sessions), index.toString(16).padStart(64, '0'));
      writeFileSync(file, Buffer.alloc(1024 * 1024));
      utimesSync(file, now - index, now - index);
    }
    sweepVersions(sessions.host, 30);
    const left = readdirSync(directoryOf(sessions));
    assert.equal(left.length, 64);
    assert.ok(left.includes('0'.repeat(64)) && !left.includes(touched));
  });
});
