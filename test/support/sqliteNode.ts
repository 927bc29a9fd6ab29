import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Describes what needs SQLite. Where this Node has none, the same file is run by one that has: the one of the editor's
 * server that the tests are run against.
 */
export function describeWithSqlite(file: string, title: string, body: () => void): void {
  if (isBuiltin('node:sqlite')) {
    describe(title, body);
    return;
  }
  const node = findSqliteNode();
  const skip = node === undefined ? 'no Node with SQLite here; see docs/testing.md' : false;
  it(`${title} (in the editor's Node, which has SQLite)`, { skip }, async () => {
    const { exitCode, output } = await runTestFile(node ?? '', file);
    assert.equal(exitCode, 0, output);
  });
}

/** `HOLDFAST_SQLITE_NODE`, else the Node of an editor's server that was provisioned. */
export function findSqliteNode(): string | undefined {
  if (isBuiltin('node:sqlite')) return process.execPath;
  const given = process.env['HOLDFAST_SQLITE_NODE'];
  if (given) return given;
  const cache = path.join(root, '.vscode-test');
  if (!existsSync(cache)) return undefined;
  const servers = readdirSync(cache).filter((name) => name.startsWith('server-'));
  return servers
    .flatMap((server) => {
      const modules = path.join(cache, server, 'node/node_modules');
      if (!existsSync(modules)) return [];
      return readdirSync(modules).map((name) => path.join(modules, name, 'bin/node'));
    })
    .find((node) => existsSync(node));
}

async function runTestFile(
  node: string,
  file: string,
): Promise<{ exitCode: number | null; output: string }> {
  const env = { ...process.env };
  // With it the child would report to the runner of this process.
  delete env['NODE_TEST_CONTEXT'];
  const child = spawn(node, ['--import', 'tsx', '--test', '--test-reporter=spec', file], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, output };
}
