import type { AgentTool } from '../../core/agents/tools/tool.ts';
import { CONFIRMED_TOOL, editorToolName } from './toolNames.ts';

const icons: Readonly<Record<string, string>> = {
  bash: 'terminal',
  bash_output: 'output',
  kill_bash: 'debug-stop',
  list_bashes: 'list-unordered',
  restart_bash: 'debug-restart',
  send_bash: 'keyboard',
  read: 'book',
  write: 'new-file',
  edit: 'edit',
  glob: 'files',
  grep: 'search',
};

/** The one that only our own chat calls; `when` keeps it out of every list. */
export const confirmedTool = {
  name: CONFIRMED_TOOL,
  toolReferenceName: 'confirmed',
  displayName: 'Call a tool of Holdfast after asking',
  modelDescription: 'For Holdfast’s own chat: makes a call once the user has agreed to it.',
  canBeReferencedInPrompt: false,
  tags: ['holdfast'],
  when: 'false',
  inputSchema: {
    type: 'object',
    properties: { tool: { type: 'string' }, input: { type: 'object' } },
    required: ['tool', 'input'],
    additionalProperties: false,
  },
};

/** How package.json tells the editor of a tool: in `languageModelTools`. A test keeps the two alike. */
export function languageModelTool({
  name,
  title,
  description,
  inputSchema,
}: Pick<AgentTool, 'name' | 'title' | 'description' | 'inputSchema'>) {
  const camelCase = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return {
    name: editorToolName(name),
    toolReferenceName: camelCase,
    displayName: title,
    modelDescription: description,
    userDescription: `${title} (Holdfast)`,
    icon: `$(${icons[name] ?? 'tools'})`,
    canBeReferencedInPrompt: true,
    tags: ['holdfast'],
    inputSchema,
  };
}
