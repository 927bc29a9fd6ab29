import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResumeSummary } from '../../../src/core/sessions/resumeSession.ts';
import {
  lostTasks,
  resumeDocument,
  resumeSentence,
} from '../../../src/vscode/sessions/resumeWords.ts';

const quiet: ResumeSummary = {
  sessionId: 'project-main',
  title: 'Login page',
  branchedFrom: undefined,
  heldBy: undefined,
  lastActiveMs: 0,
  messageCount: 3,
  cwd: '/project',
  missingCwd: undefined,
  directories: [],
  files: { unchanged: ['/a'], changed: [], missing: [], 'not permitted': [] },
  expiredPermissions: [],
  tasks: [],
  openToolCalls: [],
  damage: { unreadableLines: 0, duplicateLines: 0, missingLines: 0, isHeaderMissing: false },
  hasNews: false,
};

const task = (id: string, state: 'running' | 'ended' | 'lost' | 'gone') => ({
  id,
  command: `run ${id}`,
  state,
  exitCode: undefined,
  snapshot: undefined,
});

describe('what coming back to a session found', () => {
  it('is one short sentence when that is nothing', () => {
    assert.equal(resumeSentence(quiet), 'Resumed “Login page”.');
  });

  it('is one sentence, however much it is', () => {
    const summary: ResumeSummary = {
      ...quiet,
      tasks: [task('bash_1', 'running'), task('bash_2', 'lost'), task('bash_3', 'ended')],
      files: { unchanged: [], changed: ['/a', '/b'], missing: ['/c'], 'not permitted': [] },
      missingCwd: '/gone',
    };
    assert.equal(
      resumeSentence(summary),
      'Resumed “Login page”: bash_1 still runs, bash_3 ended, bash_2 was lost, 2 files changed, 1 file missing, its working directory is gone.',
    );
  });

  it('says that it is a branch, and of what', () => {
    const identity = { pid: 77, startTime: '1', bootId: 'b' };
    const summary = {
      ...quiet,
      title: undefined,
      sessionId: '0c5a1f6e-1111-4222-8333-444455556666',
      branchedFrom: 'project-main',
      heldBy: { identity, face: 'vscode' },
    };
    assert.match(
      resumeSentence(summary),
      /^“project-main” is open in another window \(process 77\)\. This is a branch of it/,
    );
  });

  it('lets no file, command or title write into the document', () => {
    const text = resumeDocument(
      {
        ...quiet,
        title: '[x](command:y) <b>',
        tasks: [{ ...task('bash_1', 'running'), command: '`a` [z](command:w)' }],
        files: { unchanged: [], changed: ['/a`b\n# c'], missing: [], 'not permitted': [] },
      },
      'today',
    );
    assert.doesNotMatch(text, /^# c/m);
    assert.match(text, /\\\[x\\\]\\\(command/);
    assert.match(text, /``\s`a` \[z\]\(command:w\)\s``/);
  });

  it('offers to restart only tasks that are still on the disk', () => {
    assert.deepEqual(lostTasks({ ...quiet, tasks: [task('bash_1', 'lost')] }), []);
  });
});
