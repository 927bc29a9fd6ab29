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
import { readCountingApprovals } from '../../core/permissions/approvals.ts';
import { approvedDirectories, usableDirectories } from '../../core/permissions/directories.ts';
import { Journal } from '../../core/sessions/journal.ts';
import { keepVersion } from '../../core/sessions/keptVersions.ts';
import { isBypassed } from '../bypassStatusBar.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { workspaceSettingsOf } from '../settings.ts';
import { realFolders } from '../windowFolder.ts';
import { requireRoot } from './agentRoot.ts';
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
 * @throws HoldfastError `session.notFound`, `file.unreadable`, `disk.full`, `home.notWritable`, `workspace.none`.
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
  const root = requireRoot(workspace.folder);
  const settings = () => workspaceSettingsOf(readSettings());
  const agent = new Agent({ host, root, reader: READER, session: id, settings, captureDirectory });
  const gate = new PermissionGate({
    workspace,
    store,
    journal,
    root,
    folders: realFolders,
    clock,
    face: host.face,
    mode: () => ({ bypass: isBypassed(readSettings()), trusted: vscode.workspace.isTrusted }),
    cwd: () => agent.shell.cwd,
    expiryDays: () => readSettings().approvalDays,
  });
  const desk = new FileDesk({
    workspace: { folder: root },
    journal,
    seen: conversation.history.seenFiles,
    access: editorFiles,
    ripgrep: findRipgrep(vscode.env.appRoot),
    keepVersion: (file, hash) => {
      keepVersion(host, file, hash);
    },
    roots: () => rootsBesides(sessions, id),
    environment: host.environment,
  });
  return { id, conversation, agent, gate, tools: [...agentTools, ...createFileTools(desk)] };
}

/** The directories that are open or approved besides the folder, as they really are. */
function rootsBesides({ window, store }: SessionWindow, id: string): string[] {
  const { workspace, clock } = window.host;
  const { approvals } = readCountingApprovals(workspace, store.fold(id).state);
  return [...realFolders(), ...usableDirectories(approvedDirectories(approvals, clock.now()))];
}
