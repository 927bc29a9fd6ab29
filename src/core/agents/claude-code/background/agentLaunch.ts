import { existsSync } from 'node:fs';
import { projectSlug, realDirectory } from '../transcripts/claudeDirectory.ts';
import {
  launchBranch,
  launchNew,
  launchResume,
  type ClaudeLaunch,
} from '../transcripts/claudeLaunch.ts';
import { transcriptPath } from '../transcripts/transcriptFiles.ts';
import type { ClaudeAgent } from './agentRecord.ts';

/** How an agent's Claude Code is run, whether for the first time or again. */
export interface AgentLaunch extends ClaudeLaunch {
  /** The conversation has begun, here or before. */
  readonly isBegun: boolean;
}

/**
 * The session is begun once. Run again (a restart, or a session of the user's that an agent goes on with) it is
 * resumed: Claude Code takes an id for a new session only when it has none of that id.
 * @throws HoldfastError `claude.directoryGone`.
 */
export function launchAgent(
  agent: ClaudeAgent,
  { cwd, claudeDirectory }: { readonly cwd: string; readonly claudeDirectory: string },
): AgentLaunch {
  const id = agent.session;
  const folder = realDirectory(cwd);
  const options = { claudeDirectory, more: agent.args };
  const isBegun = existsSync(transcriptPath(claudeDirectory, projectSlug(folder), id));
  if (isBegun) return { ...launchResume({ id, cwd: folder }, options), isBegun };
  if (agent.branchOf !== undefined) {
    return { ...launchBranch({ id: agent.branchOf, cwd: folder }, id, options), isBegun };
  }
  return { ...launchNew({ id, cwd: folder, name: agent.sessionName }, options), isBegun };
}

/** What another Claude Code has set for its own commands, and what is not true of one that we start. */
const OF_ANOTHER_CLAUDE = [
  'CLAUDECODE',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_CHILD_SESSION',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_EXECPATH',
  'CLAUDE_EFFORT',
  'CLAUDE_PROJECT_DIR',
  'CLAUDE_ENV_FILE',
  'AI_AGENT',
];

/** The environment for Claude Code itself. */
export function agentEnvironment(
  own: NodeJS.ProcessEnv,
  more: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const environment = { ...own };
  for (const name of OF_ANOTHER_CLAUDE) Reflect.deleteProperty(environment, name);
  // How the launcher told an Electron to be Node.
  delete environment['ELECTRON_RUN_AS_NODE'];
  return { ...environment, ...more };
}
