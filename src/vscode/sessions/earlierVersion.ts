import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/** The part of the Git extension's interface, version 1, that is used. */
interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

interface GitRepository {
  log(options: { maxEntries: number; path: string }): Promise<readonly { hash: string }[]>;
  buffer(ref: string, path: string): Promise<Buffer>;
}

/** A session seldom lies further back. */
const MAX_COMMITS = 20;

/**
 * The file as it was when its content had this SHA-256, if version control still has it. Undefined when nobody has that version.
 */
export async function findEarlierVersion(
  uri: vscode.Uri,
  hash: string,
): Promise<vscode.Uri | undefined> {
  const git = await gitApi();
  const repository = git?.getRepository(uri);
  if (git === undefined || repository === undefined || repository === null) return undefined;
  const commits = await repository
    .log({ maxEntries: MAX_COMMITS, path: uri.fsPath })
    .catch(() => []);
  // The empty ref is the index: what was staged, or last committed.
  for (const ref of ['', ...commits.map((commit) => commit.hash)]) {
    const content = await repository.buffer(ref, uri.fsPath).catch(() => undefined);
    if (content !== undefined && hashOf(content) === hash) return git.toGitUri(uri, ref);
  }
  return undefined;
}

async function gitApi(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  try {
    return (await extension?.activate())?.getAPI(1);
  } catch {
    // Git is switched off, or not installed.
    return undefined;
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
