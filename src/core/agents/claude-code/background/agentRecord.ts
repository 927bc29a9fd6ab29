import * as v from 'valibot';
import { unreadable } from '../../../common/errors.ts';
import { readJsonSync } from '../../../common/jsonFile.ts';
import { agentSchema, taskRecordSchema, type AgentRecord } from '../../../tasks/records.ts';
import type { TaskDirectory } from '../../../tasks/taskDirectory.ts';

/** The field `agent` of `task.json`, for a Claude Code that we have started. */
const claudeAgentSchema = v.looseObject({
  ...agentSchema.entries,
  mode: v.picklist(['background', 'terminal']),
  /** The session of which this one is a copy. */
  branchOf: v.optional(v.string()),
  /** What Claude Code calls the session. */
  sessionName: v.optional(v.string()),
  /** Further arguments for `claude`. */
  args: v.optional(v.array(v.string()), []),
});
export type ClaudeAgent = v.InferOutput<typeof claudeAgentSchema>;

export const CLAUDE_AGENT = 'claude-code';

export type AgentMode = ClaudeAgent['mode'];

export interface NewAgent {
  readonly mode: AgentMode;
  readonly session: string;
  readonly branchOf?: string | undefined;
  readonly sessionName?: string | undefined;
  readonly args?: readonly string[] | undefined;
}

export function agentRecord(agent: NewAgent): AgentRecord {
  const { mode, session, branchOf, sessionName, args = [] } = agent;
  return {
    name: CLAUDE_AGENT,
    mode,
    session,
    ...(branchOf === undefined ? {} : { branchOf }),
    ...(sessionName === undefined ? {} : { sessionName }),
    args: [...args],
  };
}

/** What a task is to run. @throws HoldfastError `file.unreadable` for a task that runs no agent. */
export function readAgent(files: TaskDirectory): ClaudeAgent {
  const record = readJsonSync(files.task, taskRecordSchema);
  const agent = v.safeParse(
    claudeAgentSchema,
    record.kind === 'ok' ? record.value.agent : undefined,
  );
  if (agent.success) return agent.output;
  throw unreadable(files.task, 'it names no agent');
}
