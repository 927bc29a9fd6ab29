import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Approval, PermissionDecision } from '../../../src/core/permissions/approval.ts';
import { decide, type PermissionRequest } from '../../../src/core/permissions/decide.ts';
import type { Decision } from '../../../src/core/permissions/decision.ts';
import { tempDir, type Cleanup } from '../../support/tempDir.ts';

export const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

export interface Folder {
  readonly root: string;
  /** The workspace. */
  readonly folder: string;
  readonly outside: string;
}

/** A workspace with `src/main.ts`, a directory beside it, and `src/out`, a link that leads there. */
export async function createFolder(test: Cleanup): Promise<Folder> {
  const root = await tempDir(test);
  const folder = path.join(root, 'project');
  const outside = path.join(root, 'outside');
  for (const each of ['src', 'sub/deep', '.git/hooks', '.vscode', 'dist', 'packages/a']) {
    mkdirSync(path.join(folder, each), { recursive: true });
  }
  mkdirSync(outside);
  writeFileSync(path.join(folder, 'src/main.ts'), '');
  writeFileSync(path.join(outside, 'secret.txt'), '');
  symlinkSync(outside, path.join(folder, 'src/out'));
  symlinkSync(path.join(outside, 'missing.txt'), path.join(folder, 'src/dangling'));
  return { root, folder, outside };
}

export function approval(
  rule: string,
  decision: PermissionDecision = 'allow',
  more: Partial<Approval> = {},
): Approval {
  return {
    rule,
    directory: undefined,
    realPath: undefined,
    decision,
    by: 'test',
    scope: 'workspace',
    givenAtMs: NOW_MS - 1000,
    expiresAtMs: undefined,
    ...more,
  };
}

export interface Rules {
  readonly allow?: readonly string[];
  readonly ask?: readonly string[];
  readonly deny?: readonly string[];
}

export function approvalsOf({ allow = [], ask = [], deny = [] }: Rules): Approval[] {
  return [
    ...allow.map((rule) => approval(rule)),
    ...ask.map((rule) => approval(rule, 'ask')),
    ...deny.map((rule) => approval(rule, 'deny')),
  ];
}

/** Decides about a command line in a folder. */
export function decideCommand(
  folder: string,
  command: string,
  rules: Rules,
  more: Partial<PermissionRequest> = {},
): Promise<Decision> {
  return decide({
    tool: 'Bash',
    input: { command },
    workspaceFolder: folder,
    approvals: approvalsOf(rules),
    nowMs: NOW_MS,
    mode: { bypass: false, trusted: true },
    ...more,
  });
}
