import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import type { PermissionDecision } from '../../core/permissions/approval.ts';
import { readApprovals } from '../../core/permissions/approvalFile.ts';
import {
  approveDirectory,
  approveRule,
  readCountingApprovals,
  revoke,
  type ApprovalPlace,
  type ApprovalTerms,
} from '../../core/permissions/approvals.ts';
import { parseRule } from '../../core/permissions/rule.ts';
import { requireTrust } from '../windowFolder.ts';
import type { SessionHandler, SessionScope } from './handlers.ts';
import type { SessionWindow } from './sessionWindow.ts';

type Scope = 'session' | 'workspace';

interface Wanted {
  readonly decision: PermissionDecision;
  readonly rule?: string;
  readonly directory?: string;
  readonly scope: Scope;
}

/** Keeps a rule or a directory that the user decides on. `{ decision, rule | directory, scope }` asks nothing. */
export const addPermission: SessionHandler = async (scope, [given]) => {
  requireTrust();
  const wanted = wantedIn(given) ?? (await askWanted());
  if (wanted === undefined) return undefined;
  const { sessions } = scope;
  if (wanted.scope === 'session') sessions.current.ensure('');
  const place = placeOf(sessions, wanted.scope);
  const terms = termsOf(sessions);
  const approval =
    wanted.directory === undefined
      ? approveRule(place, wanted.rule ?? '', wanted.decision, terms)
      : approveDirectory(place, wanted.directory, terms);
  sessions.feed.refresh();
  return approval;
};

/** Takes back a permission: that of a row of the view, else one that the user chooses. */
export const revokePermission: SessionHandler = async (scope, [node]) => {
  const { sessions } = scope;
  const chosen = permissionIn(node) ?? (await choosePermission(scope));
  if (chosen === undefined) return undefined;
  const { window, current, store } = sessions;
  const state = current.id === undefined ? undefined : store.fold(current.id).state;
  const { approvals } = readCountingApprovals(window.host.workspace, state);
  const text = chosen.directory ?? chosen.rule ?? '';
  const taken = revoke(placeOf(sessions, chosen.scope), approvals, text, termsOf(sessions));
  sessions.feed.refresh();
  if (taken === undefined) {
    throw new HoldfastError('input.invalid', `there is no permission ${text} any more`);
  }
  vscode.window.setStatusBarMessage(`$(shield) ${text} is not permitted any more`, 4000);
  return text;
};

interface Chosen {
  readonly rule: string | undefined;
  readonly directory: string | undefined;
  readonly scope: Scope;
}

function permissionIn(node: unknown): Chosen | undefined {
  if (typeof node !== 'object' || node === null || !('permission' in node)) return undefined;
  return node.permission as Chosen;
}

async function choosePermission({ sessions }: SessionScope): Promise<Chosen | undefined> {
  const { window, current, store } = sessions;
  const own =
    current.id === undefined ? [] : [...store.fold(current.id).state.permissions.values()];
  const all = [...own, ...readApprovals(window.host.workspace).approvals];
  if (all.length === 0) {
    void vscode.window.showInformationMessage('There are no permissions to revoke.');
    return undefined;
  }
  const items = all.map((each) => ({
    label: each.rule ?? each.directory ?? '',
    description: `${each.decision} · ${each.scope === 'session' ? 'this session' : 'whole workspace'}`,
    each,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Revoke which permission?' });
  return picked?.each;
}

function placeOf({ window, current }: SessionWindow, scope: Scope): ApprovalPlace {
  const { workspace } = window.host;
  if (scope === 'workspace') return { workspace };
  return {
    workspace,
    journal: {
      append: (line) => {
        current.append(line);
      },
    },
  };
}

function termsOf({ window, readSettings }: SessionWindow): ApprovalTerms {
  const expiresAfterDays = readSettings().approvalDays;
  return { by: 'user', nowMs: window.host.clock.now(), expiresAfterDays };
}

function wantedIn(given: unknown): Wanted | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { rule, directory, decision, scope } = given as Partial<Record<keyof Wanted, unknown>>;
  if (typeof rule !== 'string' && typeof directory !== 'string') return undefined;
  return {
    decision: decision === 'deny' || decision === 'ask' ? decision : 'allow',
    scope: scope === 'workspace' ? 'workspace' : 'session',
    ...(typeof rule === 'string' ? { rule } : {}),
    ...(typeof directory === 'string' ? { directory } : {}),
  };
}

const kinds = [
  { label: 'Allow', description: 'without asking, until it expires', decision: 'allow' },
  { label: 'Always ask', description: 'even where another rule allows it', decision: 'ask' },
  { label: 'Deny', description: 'whatever else allows it', decision: 'deny' },
  { label: 'Allow a directory', description: 'besides this folder', decision: 'directory' },
] as const;

async function askWanted(): Promise<Wanted | undefined> {
  const kind = await vscode.window.showQuickPick(kinds, { title: 'Add Permission (1/3)' });
  if (kind === undefined) return undefined;
  const subject = kind.decision === 'directory' ? await askDirectory() : await askRule(kind.label);
  if (subject === undefined) return undefined;
  const scopes = [
    { label: 'This session', description: 'and its branches', scope: 'session' },
    { label: 'The whole workspace', description: 'every session in it', scope: 'workspace' },
  ] as const;
  const chosen = await vscode.window.showQuickPick(scopes, { title: 'Add Permission (3/3): for' });
  if (chosen === undefined) return undefined;
  const decision = kind.decision === 'directory' ? 'allow' : kind.decision;
  return { decision, scope: chosen.scope, ...subject };
}

async function askDirectory(): Promise<{ directory: string } | undefined> {
  const uris = await vscode.window.showOpenDialog({
    title: 'Allow a directory',
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Allow',
  });
  const [uri] = uris ?? [];
  return uri && { directory: uri.fsPath };
}

async function askRule(label: string): Promise<{ rule: string } | undefined> {
  const rule = await vscode.window.showInputBox({
    title: `Add Permission (2/3): ${label}`,
    placeHolder: 'Bash(npm run test:*)',
    prompt:
      'A tool, or a tool and what for: Edit, Read(src/**), Bash(git status), WebFetch(domain:example.com)',
    validateInput: (text) => {
      try {
        parseRule(text);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  return rule === undefined ? undefined : { rule };
}
