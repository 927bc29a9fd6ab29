import * as vscode from 'vscode';
import { registerCommand, type CommandScope, type OpenedWindow } from '../commands/commandScope.ts';
import type { ToolCalls } from './toolCalls.ts';
import { ALLOW_COMMAND, CONFIRMED_TOOL, editorToolName, toolNames } from './toolNames.ts';

const windows = new WeakMap<OpenedWindow, Promise<ToolCalls>>();

/** The calls of a window's agents, whose code is loaded when the first is made. */
export function toolCallsOf(window: OpenedWindow): Promise<ToolCalls> {
  const known = windows.get(window) ?? openToolCalls(window);
  windows.set(window, known);
  known.catch(() => windows.delete(window));
  return known;
}

/** Offers the agents' tools to every chat of the editor. */
export function registerTools(scope: CommandScope): vscode.Disposable {
  const registered = toolNames.map((name) => {
    const tool: vscode.LanguageModelTool<object> = {
      prepareInvocation: async ({ input }) =>
        (await toolCallsOf(scope.open())).prepare(name, input),
      invoke: async ({ input }, token) =>
        (await toolCallsOf(scope.open())).invoke(name, input, token),
    };
    return vscode.lm.registerTool(editorToolName(name), tool);
  });
  const confirmed: vscode.LanguageModelTool<{ tool: string; input: object }> = {
    prepareInvocation: async ({ input: { tool, input } }) =>
      (await toolCallsOf(scope.open())).prepare(tool, input, { isAskedEachTime: true }),
    invoke: async ({ input: { tool, input } }, token) =>
      (await toolCallsOf(scope.open())).invoke(tool, input, token, { isAskedEachTime: true }),
  };
  return vscode.Disposable.from(
    ...registered,
    vscode.lm.registerTool(CONFIRMED_TOOL, confirmed),
    registerCommand(scope, ALLOW_COMMAND, async (key, kind) => {
      const calls = await toolCallsOf(scope.open());
      const rules = calls.allow(String(key), kind === 'always' ? 'always' : 'session');
      if (rules === undefined) return undefined;
      // The question is still open; the editor's own button answers it as well.
      await vscode.commands.executeCommand('workbench.action.chat.acceptTool');
      return rules;
    }),
  );
}

async function openToolCalls(window: OpenedWindow): Promise<ToolCalls> {
  const [{ workingSessionsOf }, { ToolCalls }] = await Promise.all([
    import('./workingSessions.ts'),
    import('./toolCalls.ts'),
  ]);
  return new ToolCalls(await workingSessionsOf(window));
}
