import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  CHAINED_PREFIX_VARIABLE,
  holdfastParts,
  PREFIX_VARIABLE,
  settingsFilesOf,
  type SettingsFiles,
} from '../../../../src/core/agents/claude-code/holdfastParts.ts';
import {
  protect,
  readProtection,
  unprotect,
} from '../../../../src/core/agents/claude-code/protect.ts';
import { HoldfastError } from '../../../../src/core/common/errors.ts';
import { tempDir, type Cleanup } from '../../../support/tempDir.ts';

interface Place {
  readonly home: string;
  readonly folder: string;
  readonly files: SettingsFiles & { readonly mcp: string };
}

async function openPlace(t: Cleanup): Promise<Place> {
  const [home, folder] = [path.join(await tempDir(t), 'home'), await tempDir(t)];
  const { settings, mcp = '' } = settingsFilesOf('workspace', folder, {});
  return { home, folder, files: { settings, mcp } };
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const read = (file: string): string => readFileSync(file, 'utf8');

const TEXTS: Readonly<Record<string, string>> = {
  'with tabs, comments and odd spacing':
    '{\n\t// mine\n\t"permissions" :{ "allow":["Bash(git:*)"] },\n\n\t"env": {"A":"1" },\n}\n\n',
  'on one line without an end':
    '{"hooks":{"PreToolUse":[{"matcher":"Edit","hooks":[{"type":"command","command":"true"}]}]}}',
  'of Windows': '{\r\n    "model": "opus"\r\n}\r\n',
  'without anything in it': '{}',
  empty: '',
  'with empty parts': '{"model":"opus","env":{},"hooks":{},"enabledMcpjsonServers":[]}',
  'with an empty list of hooks': '{ "hooks": { "Stop": [], "PreToolUse": [] } }\n',
  'with a prefix': '{ "env": { "CLAUDE_CODE_SHELL_PREFIX": "/opt/mine -x" } }\n',
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`settings ${name} are again what they were, byte for byte`, async (t) => {
    const { home, files } = await openPlace(t);
    write(files.settings, text);
    protect(home, files);
    assert.ok(readProtection(home, files).isProtected);
    unprotect(home, files);
    assert.equal(read(files.settings), text);
    assert.deepEqual(readdirSync(path.dirname(files.settings)), ['settings.local.json']);
    assert.ok(!existsSync(files.mcp));
  });
}

for (const [name, text] of Object.entries(TEXTS)) {
  test(`settings ${name} that were never protected are not touched by taking it back`, async (t) => {
    const { home, files } = await openPlace(t);
    write(files.settings, text);
    write(files.mcp, '{"mcpServers":{}}');
    assert.deepEqual(
      unprotect(home, files).map(({ kind }) => kind),
      ['unchanged', 'unchanged'],
    );
    assert.equal(read(files.settings), text);
    assert.equal(read(files.mcp), '{"mcpServers":{}}');
  });
}

test('empty parts of the user stay in settings that were changed since', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.settings, '{"model":"opus","env":{},"hooks":{"Stop":[]},"enabledMcpjsonServers":[]}');
  write(files.mcp, '{"mcpServers":{},"a":1}');
  protect(home, files);
  write(files.settings, read(files.settings).replace('"opus"', '"sonnet"'));
  write(files.mcp, read(files.mcp).replace(/"a": ?1/, '"a":2'));
  unprotect(home, files);
  assert.deepEqual(JSON.parse(read(files.settings)), {
    model: 'sonnet',
    env: {},
    hooks: { Stop: [] },
    enabledMcpjsonServers: [],
  });
  assert.deepEqual(JSON.parse(read(files.mcp)), { mcpServers: {}, a: 2 });
});

test('settings that are a link stay one, and what it leads to is again what it was', async (t) => {
  const { home, folder, files } = await openPlace(t);
  const text = TEXTS['with tabs, comments and odd spacing'] ?? '';
  const real = path.join(folder, 'dotfiles', 'claude.json');
  write(real, text);
  mkdirSync(path.dirname(files.settings));
  symlinkSync(path.join('..', 'dotfiles', 'claude.json'), files.settings);
  const [change] = protect(home, files);
  assert.ok(readProtection(home, files).isProtected);
  assert.ok(lstatSync(files.settings).isSymbolicLink());
  assert.match(read(real), /claude-prefix/);
  assert.deepEqual(readdirSync(path.dirname(real)), ['claude.json']);
  assert.equal(change?.path, files.settings);
  assert.equal(change.backup, `${files.settings}.before-holdfast`);
  assert.equal(read(change.backup), text);
  unprotect(home, files);
  assert.ok(lstatSync(files.settings).isSymbolicLink());
  assert.equal(read(real), text);
  assert.deepEqual(readdirSync(path.dirname(files.settings)), ['settings.local.json']);
});

test('a link that leads to nothing stays one, and leads to nothing again', async (t) => {
  const { home, folder, files } = await openPlace(t);
  const real = path.join(folder, 'dotfiles', 'claude.json');
  mkdirSync(path.dirname(files.settings));
  symlinkSync(real, files.settings);
  protect(home, files);
  assert.ok(lstatSync(files.settings).isSymbolicLink());
  assert.ok(existsSync(real));
  unprotect(home, files);
  assert.equal(readlinkSync(files.settings), real);
  assert.ok(!existsSync(path.dirname(real)));
});

test('of several folders nothing is written when the settings of one are no JSON', async (t) => {
  const [one, other] = [await openPlace(t), await openPlace(t)];
  write(other.files.settings, '{ broken');
  assert.throws(
    () => protect(one.home, one.files, other.files),
    (error) => HoldfastError.is(error, 'claude.settingsInvalid'),
  );
  assert.ok(!existsSync(one.files.settings));
  write(other.files.settings, '{}\n');
  protect(one.home, one.files, other.files);
  for (const { files } of [one, other]) {
    assert.ok(readProtection(one.home, files).isProtected);
    unprotect(one.home, files);
  }
  assert.ok(!existsSync(one.files.settings));
  assert.equal(read(other.files.settings), '{}\n');
});

test('files and directories that were not there are gone again', async (t) => {
  const { home, folder, files } = await openPlace(t);
  const changes = protect(home, files);
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ['created', 'created'],
  );
  unprotect(home, files);
  assert.deepEqual(readdirSync(folder), []);
});

test('what the user has changed since stays, and only what is ours goes', async (t) => {
  const { home, files } = await openPlace(t);
  write(
    files.settings,
    '{\n  "model": "opus",\n  "hooks": { "PreToolUse": [{ "hooks": [] }] }\n}\n',
  );
  protect(home, files);
  write(files.settings, read(files.settings).replace('"opus"', '"sonnet"'));
  write(files.mcp, read(files.mcp).replace('"mcpServers": {', '"mcpServers": {\n    "other": {},'));
  unprotect(home, files);
  assert.deepEqual(JSON.parse(read(files.settings)), {
    model: 'sonnet',
    hooks: { PreToolUse: [{ hooks: [] }] },
  });
  assert.deepEqual(JSON.parse(read(files.mcp)), { mcpServers: { other: {} } });
});

test("the user's hooks and lines stay where they are, as they are written", async (t) => {
  const { home, files } = await openPlace(t);
  const text = TEXTS['with tabs, comments and odd spacing'] ?? '';
  write(files.settings, text);
  protect(home, files);
  const lines = read(files.settings);
  assert.ok(
    lines.startsWith('{\n\t// mine\n\t"permissions" :{ "allow":["Bash(git:*)"] },\n\n\t"env": {'),
    lines,
  );
});

test('a prefix of the user is chained, and comes back', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.settings, TEXTS['with a prefix'] ?? '');
  protect(home, files);
  const { env } = JSON.parse(read(files.settings)) as { env: Record<string, string> };
  assert.deepEqual(env, {
    [PREFIX_VARIABLE]: holdfastParts(home).prefix,
    [CHAINED_PREFIX_VARIABLE]: '/opt/mine -x',
  });
  write(files.settings, `${read(files.settings)}\n`);
  unprotect(home, files);
  assert.deepEqual(JSON.parse(read(files.settings)), {
    env: { [PREFIX_VARIABLE]: '/opt/mine -x' },
  });
});

test('protecting twice is protecting once', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.settings, '{ "model": "opus" }\n');
  protect(home, files);
  const once = read(files.settings);
  assert.deepEqual(
    protect(home, files).map(({ kind }) => kind),
    ['unchanged', 'unchanged'],
  );
  assert.equal(read(files.settings), once);
  unprotect(home, files);
  assert.equal(read(files.settings), '{ "model": "opus" }\n');
});

test('what an earlier version has written is brought up to date, and undone byte for byte', async (t) => {
  const { home, files } = await openPlace(t);
  const inside = path.join(home, 'bin', 'claude-prefix');
  write(files.settings, '{ "model": "opus" }\n');
  write(inside, 'there is none beside the home yet');
  protect(home, files);
  assert.ok(read(files.settings).includes(inside));
  rmSync(inside);
  assert.ok(readProtection(home, files).isProtected);
  protect(home, files);
  assert.ok(!read(files.settings).includes(inside));
  unprotect(home, files);
  assert.equal(read(files.settings), '{ "model": "opus" }\n');
});

test('it is undone byte for byte when the home was deleted', async (t) => {
  const { home, files } = await openPlace(t);
  const text = TEXTS['with tabs, comments and odd spacing'] ?? '';
  write(files.settings, text);
  protect(home, files);
  rmSync(home, { recursive: true });
  unprotect(home, files);
  assert.equal(read(files.settings), text);
  assert.deepEqual(readdirSync(path.dirname(files.settings)), ['settings.local.json']);
});

test('half of it put back by hand is completed, and all of it taken out again', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.settings, '{ "model": "opus" }\n');
  protect(home, files);
  const settings = JSON.parse(read(files.settings)) as Record<string, unknown>;
  delete settings['env'];
  write(files.settings, JSON.stringify(settings));
  protect(home, files);
  assert.ok(readProtection(home, files).isProtected);
  unprotect(home, files);
  assert.deepEqual(JSON.parse(read(files.settings)), { model: 'opus' });
});

test('settings that are no JSON are left alone, and nothing is written', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.mcp, '{ broken');
  assert.throws(
    () => protect(home, files),
    (error) => HoldfastError.is(error, 'claude.settingsInvalid'),
  );
  assert.ok(!existsSync(files.settings));
  assert.equal(read(files.mcp), '{ broken');
});

test('settings keep their mode, and a backup has it too', async (t) => {
  const { home, files } = await openPlace(t);
  write(files.settings, '{}\n');
  chmodSync(files.settings, 0o640);
  const [change] = protect(home, files);
  for (const file of [files.settings, change?.backup ?? '']) {
    assert.equal(statSync(file).mode & 0o777, 0o640);
  }
});
