import type { Agent } from '../tools/agent.ts';
import type { AgentTool, ToolResult } from '../tools/tool.ts';
import { describeToolError } from '../tools/toolError.ts';
import type { Judgement, PermissionAnswer, PermissionGate } from './permissionGate.ts';
import { INTERRUPTED } from './pairing.ts';
import type { CallOutcome } from './runTurn.ts';
import type { WantedCall } from './streamAnswer.ts';

export interface ToolCallerOptions {
  readonly agent: Agent;
  readonly tools: readonly AgentTool[];
  readonly gate: Pick<PermissionGate, 'judge' | 'keep'>;
  /** Asks the user; rejects when the signal is aborted. */
  readonly ask: (
    judgement: Judgement,
    call: WantedCall,
    signal: AbortSignal,
  ) => Promise<PermissionAnswer>;
  readonly onWaiting?: (call: WantedCall, message: string) => void;
}

/** Makes the calls that a model wants: checks the input, asks for permission, runs the tool. */
export function createToolCaller(options: ToolCallerOptions) {
  const { agent, tools, gate, ask, onWaiting } = options;
  return async (call: WantedCall, signal: AbortSignal): Promise<CallOutcome> => {
    try {
      const tool = tools.find(({ name }) => name === call.name);
      if (tool === undefined) return failed(unknownTool(call.name, tools));
      tool.check(call.input);
      const judgement = await gate.judge(call.name, call.input);
      if (judgement.decision === 'deny') return failed(denialByRule(judgement));
      if (judgement.decision === 'ask') {
        const answer = await ask(judgement, call, signal);
        gate.keep(judgement, answer);
        if (answer.kind === 'deny') return denialByUser(answer);
      }
      signal.throwIfAborted();
      const result = await tool.run(agent, call.input, {
        signal,
        approvedPaths: judgement.approvedPaths,
        ...(onWaiting && {
          onWaiting: (message: string) => {
            onWaiting(call, message);
          },
        }),
      });
      return outcomeOf(result);
    } catch (error) {
      return failed(signal.aborted ? INTERRUPTED : describeToolError(error));
    }
  };
}

/** A tool's result as it goes into the journal. */
export function outcomeOf({ text, structured }: ToolResult): CallOutcome {
  const { diff, file_path: file, bash_id: task } = structured;
  return {
    output: text,
    isError: false,
    ...(typeof diff === 'string' && { diff }),
    ...(typeof file === 'string' && { files: [file] }),
    ...(typeof task === 'string' && { task }),
  };
}

export function denialByUser({
  message = '',
  stop = false,
}: Extract<PermissionAnswer, { kind: 'deny' }>): CallOutcome {
  const said = message.trim() === '' ? '' : ` They say: ${message.trim()}`;
  const next = 'Do not try the same in another way; do without it, or ask what they want instead.';
  return { ...failed(`The user does not allow this.${said} ${next}`), ...(stop && { stop }) };
}

export function denialByRule({ reason }: Judgement): string {
  return `Not allowed: ${reason}. Do not try the same in another way; do without it, or tell the user.`;
}

function failed(output: string): CallOutcome {
  return { output, isError: true };
}

function unknownTool(name: string, tools: readonly AgentTool[]): string {
  const names = tools.map((tool) => tool.name).join(', ');
  return `There is no tool ${name}; there are ${names}.`;
}
