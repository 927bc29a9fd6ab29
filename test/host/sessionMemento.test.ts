import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../support/waitFor.ts';
import { StoredSessions, STORE_KEY, type Store } from '../../src/vscode/sessions/storedSessions.ts';
import { parseStoredRecords } from '../../src/core/sessions/mergeRecords.ts';
import type { SessionRecord } from '../../src/core/sessions/sessionRecord.ts';
import { silentLog } from '../../src/core/common/log.ts';
import {
  begin,
  call,
  filesOf,
  isThere,
  recordOf,
  removeAllSessions,
  write,
} from './support/sessions.ts';
import { killAllTasks, runCommand } from './support/tasks.ts';

describe('the copy of the sessions in the editor’s own store', () => {
  afterEach(async () => {
    await killAllTasks();
    await removeAllSessions();
  });

  it('brings a session back whose journal was deleted: tasks, files and permissions', async () => {
    const id = await begin({ title: 'Precious' });
    const task = await runCommand('sleep 600');
    write(id, { type: 'file', path: '/some/file', how: 'modified' });
    await call('permissions.add', { rule: 'Bash(npm test)', decision: 'allow' });
    await begin({ id: 'another' });
    await untilRecovered(id, (record) => record.permissions.approvedTools.length > 0);
    const record = recordOf(id);
    assert.equal(record.title, 'Precious');
    assert.equal(record.backgroundTasks[task]?.status, 'running');
    assert.deepEqual(record.fileContext.modified, ['/some/file']);
    assert.deepEqual(record.permissions.approvedTools, ['Bash(npm test)']);
  });

  it('does not bring back what was deleted on purpose', async () => {
    const id = await begin({ title: 'Unwanted' });
    await begin({ id: 'another' });
    await untilRecovered(id);
    await call('sessions.delete', id, { confirm: false });
    assert.equal(await call('sessions.resumeById', id), undefined);
    assert.ok(!isThere(id));
  });

  it('puts itself in the place of a journal of which nothing can be read', async () => {
    const id = await begin({ id: 'garbled', title: 'Garbled' });
    await begin({ id: 'another' });
    await untilRecovered(id);
    await call('sessions.resume', 'another');
    writeFileSync(filesOf(id).plain, Buffer.alloc(512));
    assert.equal(await call('sessions.resume', id), undefined, 'it does not resume');
    const { damagedFile } = await call<{ damagedFile: string }>('sessions.repair', id);
    assert.ok(existsSync(damagedFile));
    assert.equal(recordOf(id).title, 'Garbled');
  });
});

/**
 * The record reaches the store a moment after the journal: takes the journal away, and puts it back for another try
 * unless the session can be resumed without, and has all that it had.
 */
async function untilRecovered(
  id: string,
  isWhole: (record: SessionRecord) => boolean = () => true,
): Promise<void> {
  const { plain } = filesOf(id);
  const aside = `${plain}.aside`;
  await waitFor(
    async () => {
      renameSync(plain, aside);
      const isBack = (await call('sessions.resumeById', id)) === id;
      if (isBack && isWhole(recordOf(id))) return true;
      await call('sessions.resume', 'another');
      renameSync(aside, plain);
      return false;
    },
    { intervalMs: 200, describe: `${id} from the editor's own store` },
  );
  rmSync(aside);
}

describe('two windows that write to one store at the same moment', () => {
  /** As measured: a write replaces all, and reaches the other window after a while, over what that has written since. */
  class SharedStore {
    readonly #views: { value: unknown }[] = [];

    open(): Store {
      const view: { value: unknown } = { value: undefined };
      this.#views.push(view);
      return {
        get: (key) => (view.value as Record<string, unknown> | undefined)?.[key],
        update: async (key, value) => {
          view.value = { ...(view.value as object | undefined), [key]: value };
          const sent = structuredClone(view.value);
          await delay(5);
          setTimeout(() => {
            for (const other of this.#views) if (other !== view) other.value = sent;
          }, 150);
        },
      };
    }
  }

  it('lose nothing of what either has put', async () => {
    const shared = new SharedStore();
    const stores = [shared.open(), shared.open()];
    const options = { log: silentLog, now: () => Date.now() };
    const windows = stores.map((store) => new StoredSessions(store, '/folder', options));
    const put = (window: number, index: number): void => {
      const sessionId = `w${String(window)}-${String(index)}`;
      const at = new Date().toISOString();
      windows[window]?.put([{ sessionId, lastActive: at, storedAt: at }]);
    };
    for (let index = 0; index < 100; index += 1) {
      put(0, index);
      put(1, index);
      if (index % 10 === 0) await delay(60);
    }
    const countIn = (store: Store | undefined): number =>
      parseStoredRecords(store?.get(STORE_KEY))['/folder']?.records.length ?? 0;
    await waitFor(() => stores.every((store) => countIn(store) === 200), {
      deadlineMs: 15_000,
      describe: () => `200 records in both windows, not ${stores.map(countIn).join(' and ')}`,
    });
    for (const window of windows) window.dispose();
  });
});
