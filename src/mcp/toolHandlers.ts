import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentTool } from '../core/agents/tools/tool.ts';
import { describeToolError } from '../core/agents/tools/toolError.ts';
import { agentTools } from '../core/agents/tools/tools.ts';
import { HoldfastError } from '../core/common/errors.ts';
import type { Log } from '../core/common/log.ts';
import type { Agents } from './agents.ts';

/** Tells the client that a call which takes its time is alive. */
type Progress = (message: string) => void;

/** Offers the agents' tools. What fails is a result that says so: protocol errors do not reach the model. */
export function registerTools(mcp: McpServer, open: () => Promise<Agents>, log: Log): void {
  const { server } = mcp;
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: agentTools.map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = agentTools.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const names = agentTools.map(({ name }) => name).join(', ');
      throw new McpError(
        ErrorCode.InvalidParams,
        `there is no tool ${params.name}; there are ${names}`,
      );
    }
    const { _meta: meta } = params;
    const token = meta?.progressToken;
    let progress = 0;
    const onWaiting: Progress = (message) => {
      if (token === undefined) return;
      progress += 1;
      const told = extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token, progress, message },
      });
      // The client has gone; so has whoever would have read it.
      told.catch(() => undefined);
    };
    const call = { input: params.arguments, meta, signal: extra.signal, onWaiting };
    try {
      return await callTool(await open(), tool, call);
    } catch (error) {
      if (!HoldfastError.is(error) && !extra.signal.aborted) {
        log.error('tool.failed', { tool: tool.name, error });
      }
      return { content: [{ type: 'text', text: describeToolError(error) }], isError: true };
    }
  });
}

interface Call {
  readonly input: unknown;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  readonly signal: AbortSignal;
  readonly onWaiting: Progress;
}

async function callTool(
  agents: Agents,
  tool: AgentTool,
  { input, meta, signal, onWaiting }: Call,
): Promise<CallToolResult> {
  if (!tool.annotations.readOnlyHint) agents.takeLease();
  const agent = agents.agentFor(meta);
  const { text, structured } = await tool.run(agent, input, { signal, onWaiting });
  return { content: [{ type: 'text', text }], structuredContent: { ...structured } };
}

function describeTool(tool: AgentTool): Tool {
  const { name, title, description, annotations } = tool;
  return {
    name,
    title,
    description,
    // The schemas are ours and read-only; the protocol's types are neither.
    inputSchema: structuredClone(tool.inputSchema) as unknown as Tool['inputSchema'],
    outputSchema: structuredClone(tool.outputSchema) as unknown as NonNullable<
      Tool['outputSchema']
    >,
    annotations: { title, ...annotations },
  };
}
