import assert from 'node:assert/strict';
import type { AgentTool } from '../../../src/core/agents/tools/tool.ts';
import { HoldfastError } from '../../../src/core/common/errors.ts';

/** Whether a tool takes this input; it may refuse it in one way only. */
export function accepts(tool: AgentTool, input: unknown): boolean {
  try {
    tool.check(input);
    return true;
  } catch (error) {
    assert.ok(HoldfastError.is(error, 'input.invalid'));
    return false;
  }
}
