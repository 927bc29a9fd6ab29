import { bashTool } from './bash.ts';
import { bashOutputTool } from './bashOutput.ts';
import { killBashTool } from './killBash.ts';
import { listBashesTool } from './listBashes.ts';
import { restartBashTool } from './restartBash.ts';
import { sendBashTool } from './sendBash.ts';
import type { AgentTool } from './tool.ts';

/** What agents can do; the same over MCP and as the editor's language-model tools. */
export const agentTools: readonly AgentTool[] = [
  bashTool,
  bashOutputTool,
  killBashTool,
  listBashesTool,
  restartBashTool,
  sendBashTool,
];
