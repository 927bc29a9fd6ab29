import type {
  ConversationModel,
  ModelRequest,
  StreamPart,
} from '../../../../src/core/agents/conversation/model.ts';

export type Script = readonly StreamPart[] | ((request: ModelRequest) => AsyncIterable<StreamPart>);

/** A model that says what it is told to, one script for each time it is asked, and remembers what it was asked. */
export interface ScriptedModel extends ConversationModel {
  readonly requests: ModelRequest[];
}

export function scriptedModel(
  scripts: readonly Script[],
  { id = 'scripted', maxInputTokens = 100_000 } = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    id,
    name: 'Scripted',
    maxInputTokens,
    requests,
    stream: (request) => {
      const script = scripts[requests.length];
      requests.push(request);
      if (script === undefined) throw new Error(`the model was asked ${requests.length} times`);
      return typeof script === 'function' ? script(request) : say(script);
    },
  };
}

async function* say(parts: readonly StreamPart[]): AsyncGenerator<StreamPart> {
  for (const part of parts) yield await Promise.resolve(part);
}

export const text = (value: string): StreamPart => ({ type: 'text', text: value });

export const call = (id: string, name: string, input: unknown = {}): StreamPart => ({
  type: 'tool-call',
  id,
  name,
  input,
});
