import type { AgentTool } from '../tools/tool.ts';
import { editTool } from './editTool.ts';
import type { FileDesk } from './fileDesk.ts';
import type { ToolDefinition } from './fileTool.ts';
import { globTool } from './globTool.ts';
import { grepTool } from './grepTool.ts';
import { readTool } from './readTool.ts';
import { writeTool } from './writeTool.ts';

const fileTools = [readTool, writeTool, editTool, globTool, grepTool];

/** What there is to say about the tools on files, before there is a desk. */
export const fileToolDefinitions: readonly ToolDefinition[] = fileTools.map(
  ({ definition }) => definition,
);

/** The tools on files, at work for one agent in one session. */
export function createFileTools(desk: FileDesk): AgentTool[] {
  return fileTools.map((tool) => tool.bind(desk));
}
