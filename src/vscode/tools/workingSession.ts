import * as vscode from 'vscode';
import {
  openConversation,
  type Conversation,
} from '../../core/agents/conversation/conversation.ts';
import { PermissionGate } from '../../core/agents/conversation/permissionGate.ts';
import { FileDesk } from '../../core/agents/files/fileDesk.ts';
import { createFileTools } from '../../core/agents/files/fileTools.ts';
import { Agent } from '../../core/agents/tools/agent.ts';
import type { AgentTool } from '../../core/agents/tools/tool.ts';
import { agentTools } from '../../core/agents/tools/tools.ts';
import { hasExpired } from '../../core/permissions/approval.ts';
import { readCountingApprovals } from '../../core/permissions/approvals.ts';
import { checkDirectory } from '../../core/permissions/directories.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { isBypassed } from '../bypassStatusBar.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { editorFiles } from './editorFiles.ts';
import { findRipgrep } from './ripgrep.ts';

/** Whose cursors tell what of a task's output the agents of this editor have read. */
export const READER = 'chat';

/** A session in which agents of this editor work: what they have, and what they may do. */
export interface WorkingSession {
  readonly id: string;
  readonly conversation: Conversation;
  readonly agent: Agent;
  readonly gate: PermissionGate;
  readonly tools: readonly AgentTool[];
}

/**
 * Opens a session that this window holds for agents to work in.
 * @throws HoldfastError `session.notFound`, `file.unreadable`, `disk.full`, `home.notWritable`.
 */
export function openWorkingSession(
  sessions: SessionWindow,
  id: string,
  captureDirectory: () => string,
): WorkingSession {
  const { window, store, readSettings } = sessions;
  const { host } = window;
  const { workspace, clock } = host;
  const journal = new Journal(host, id);
  const conversation = openConversation({ host, store, journal, reader: READER });
  const root = workspace.folder;
  const agent = new Agent({ host, root, reader: READER, session: id, captureDirectory });
  const gate = new PermissionGate({
    workspace,
    store,
    journal,
    clock,
    face: host.face,
    mode: () => ({ bypass: isBypassed(readSettings()), trusted: vscode.workspace.isTrusted }),
    cwd: () => agent.shell.cwd,
    expiryDays: () => readSettings().approvalDays,
  });
  const desk = new FileDesk({
    workspace,
    journal,
    seen: conversation.history.seenFiles,
    access: editorFiles,
    ripgrep: findRipgrep(vscode.env.appRoot),
    roots: () => approvedDirectories(sessions, id),
    environment: host.environment,
  });
  return { id, conversation, agent, gate, tools: [...agentTools, ...createFileTools(desk)] };
}

/** As they really are; one that leads elsewhere now is not approved any more. */
function approvedDirectories({ window, store }: SessionWindow, id: string): string[] {
  const { workspace, clock } = window.host;
  const { approvals } = readCountingApprovals(workspace, store.fold(id).state);
  return approvals.flatMap((approval) => {
    const { directory, realPath, decision } = approval;
    if (directory === undefined || decision !== 'allow') return [];
    if (hasExpired(approval, clock.now())) return [];
    const check = checkDirectory(directory, realPath);
    return check.kind === 'ok' ? [check.realPath] : [];
  });
}
