import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FileDesk, type FileDeskOptions } from '../../../../src/core/agents/files/fileDesk.ts';
import { createFileTools } from '../../../../src/core/agents/files/fileTools.ts';
import { Agent } from '../../../../src/core/agents/tools/agent.ts';
import type { ToolCall, ToolResult } from '../../../../src/core/agents/tools/tool.ts';
import type { NewLine } from '../../../../src/core/sessions/journalLines.ts';
import { createTaskHost } from '../../../support/taskHost.ts';
import type { Cleanup } from '../../../support/tempDir.ts';

/** The file tools at work in a folder of their own. */
export interface TestDesk {
  readonly folder: string;
  readonly lines: NewLine[];
  put(name: string, content: string | Uint8Array): string;
  run(tool: string, input: object, call?: Partial<ToolCall>): Promise<ToolResult>;
}

export async function openDesk(
  test: Cleanup,
  options: Partial<FileDeskOptions> = {},
): Promise<TestDesk> {
  const host = await createTaskHost(test);
  const { folder } = host.workspace;
  const lines: NewLine[] = [];
  const journal = { append: (line: NewLine) => void lines.push(line) };
  const desk = new FileDesk({
    workspace: host.workspace,
    journal,
    environment: process.env,
    ...options,
  });
  const tools = createFileTools(desk);
  const agent = new Agent({ host, root: folder, reader: 'test', captureDirectory: () => folder });
  return {
    folder,
    lines,
    put: (name, content) => {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    run: (name, input, call = {}) => {
      const tool = tools.find((each) => each.name === name);
      if (tool === undefined) throw new Error(`there is no tool ${name}`);
      return tool.run(agent, input, { signal: new AbortController().signal, ...call });
    },
  };
}
