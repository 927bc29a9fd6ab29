import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileToolDefinitions } from '../../../src/core/agents/files/fileTools.ts';
import { agentTools } from '../../../src/core/agents/tools/tools.ts';
import { confirmedTool, languageModelTool } from '../../../src/vscode/tools/manifestEntry.ts';
import { toolNames } from '../../../src/vscode/tools/toolNames.ts';

const file = path.join(import.meta.dirname, '../../../package.json');
const { contributes } = JSON.parse(readFileSync(file, 'utf8')) as {
  contributes: { languageModelTools: unknown; configurationDefaults: unknown };
};
const tools = [...agentTools, ...fileToolDefinitions];

describe('the tools in package.json', () => {
  it('are those that agents have everywhere else, word for word', () => {
    assert.deepEqual(contributes.languageModelTools, [
      ...tools.map(languageModelTool),
      confirmedTool,
    ]);
  });

  it('ask each time where our own chat asks, whatever the editor is told about a tool', () => {
    assert.deepEqual(contributes.configurationDefaults, {
      'chat.tools.eligibleForAutoApproval': { 'holdfast.holdfast/confirmed': false },
    });
  });

  it('are the ones that a window registers', () => {
    assert.deepEqual(
      tools.map(({ name }) => name),
      [...toolNames],
    );
  });
});
