import * as vscode from 'vscode';
import type { CallOutcome } from '../../core/agents/conversation/runTurn.ts';
import type { WantedCall } from '../../core/agents/conversation/streamAnswer.ts';
import { denialByUser } from '../../core/agents/conversation/toolCaller.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { CONFIRMED_TOOL, editorToolName } from '../tools/toolNames.ts';
import type { WorkingSession } from '../tools/workingSession.ts';
import type { Chat } from './chatRequest.ts';

/** Makes a call through the editor, which shows it, and asks the user where our tools say so. */
export async function callTool(
  { calls, request, token }: Chat,
  session: WorkingSession,
  { name, input }: WantedCall,
): Promise<CallOutcome> {
  if (!session.tools.some((tool) => tool.name === name)) {
    const names = session.tools.map((tool) => tool.name).join(', ');
    return { output: `There is no tool ${name}; there are ${names}.`, isError: true };
  }
  const given: object = typeof input === 'object' && input !== null ? input : {};
  const asks = await mustAsk(session, name, given);
  const expected = calls.expect(session, name, given);
  try {
    const { toolInvocationToken } = request;
    const options = asks
      ? { input: { tool: name, input: given }, toolInvocationToken }
      : { input: given, toolInvocationToken };
    await vscode.lm.invokeTool(asks ? CONFIRMED_TOOL : editorToolName(name), options, token);
    // The editor also answers when the user has skipped the call.
    return expected.hasBegun() ? await expected.outcome : denialByUser({ kind: 'deny' });
  } catch (error) {
    // The editor does not wait for a tool that was cancelled, but the model is to know what came of it.
    if (expected.hasBegun()) return await expected.outcome;
    if (token.isCancellationRequested) throw error;
    if (isRefusal(error)) return denialByUser({ kind: 'deny' });
    return { output: error instanceof Error ? error.message : String(error), isError: true };
  } finally {
    expected.dispose();
  }
}

/** What is wrong with the call, the tool itself says. */
async function mustAsk(
  { gate, tools }: WorkingSession,
  name: string,
  input: object,
): Promise<boolean> {
  try {
    tools.find((tool) => tool.name === name)?.check(input);
    return (await gate.judge(name, input)).decision === 'ask';
  } catch (error) {
    if (HoldfastError.is(error)) return false;
    throw error;
  }
}

/** The user has answered the editor's question with no. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && (error.name === 'Canceled' || error.message === 'Canceled');
}
