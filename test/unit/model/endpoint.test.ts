import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFailure, openEndpoint } from '../../../src/model/main.ts';
import type { AnswerPart, EndpointRequest } from '../../../src/model/types.ts';
import { startModelService, type ServiceBlock } from '../../support/modelService.ts';
import { waitFor } from '../../support/waitFor.ts';

const never = new AbortController().signal;

function requestFor(more: Partial<EndpointRequest> = {}): EndpointRequest {
  return {
    model: 'm',
    system: 'Be brief.',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
    tools: [],
    maxOutputTokens: 1000,
    ...more,
  };
}

async function all(parts: AsyncIterable<AnswerPart>): Promise<AnswerPart[]> {
  const found: AnswerPart[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

const hello: ServiceBlock = { type: 'text', text: 'Hello there' };

describe('a service that speaks the Messages API', () => {
  it('streams text, thinking and calls apart, each call with its whole input', async (t) => {
    const service = await startModelService(t, () => ({
      blocks: [
        { type: 'thinking', thinking: 'hm, well', signature: 'sig' },
        hello,
        { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'npm test' } },
      ],
    }));
    const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key' });
    const parts = await all(endpoint.answer(requestFor(), never));
    const text = parts.flatMap((part) => (part.type === 'text' ? part.text : []));
    assert.equal(text.join(''), 'Hello there');
    assert.ok(text.length > 1, 'the text came in one piece');
    assert.deepEqual(
      parts.filter(({ type }) => type !== 'text'),
      [
        {
          type: 'thinking',
          text: 'hm, well',
          block: { type: 'thinking', thinking: 'hm, well', signature: 'sig' },
        },
        { type: 'tool-call', id: 'toolu_1', name: 'bash', input: { command: 'npm test' } },
        {
          type: 'end',
          reason: 'tool-calls',
          inputTokens: 100,
          outputTokens: 7,
          cachedTokens: 90,
        },
      ],
    );
  });

  it('gets thoughts, calls and results back, and marks of what is worth keeping', async (t) => {
    const service = await startModelService(t, () => ({ blocks: [hello] }));
    const block = { type: 'thinking', thinking: 'hm', signature: 'sig' };
    const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key' });
    const tool = { name: 'bash', description: 'Runs', inputSchema: { type: 'object' } };
    const request = requestFor({
      tools: [{ ...tool, name: 'read' }, tool],
      thinking: { kind: 'budget', tokens: 1024 },
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'hello' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'thinking', block },
            { type: 'tool-call', id: 'toolu_1', name: 'bash', input: { command: 'ls' } },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool-result',
              id: 'toolu_1',
              content: [{ type: 'text', text: 'no such file' }],
              isError: true,
            },
          ],
        },
      ],
    });
    await all(endpoint.answer(request, never));
    const body = service.requests[0]?.body;
    const cache_control = { type: 'ephemeral' };
    assert.deepEqual(body?.system, [{ type: 'text', text: 'Be brief.', cache_control }]);
    assert.deepEqual(
      body.tools?.map((each) => each['cache_control']),
      [undefined, cache_control],
    );
    assert.deepEqual(body.thinking, { type: 'enabled', budget_tokens: 1024 });
    assert.deepEqual(body.messages.slice(1), [
      {
        role: 'assistant',
        content: [
          block,
          { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'text', text: 'no such file' }],
            is_error: true,
            cache_control,
          },
        ],
      },
    ]);
  });

  it('is asked again when it is overloaded, as often as it takes up to a limit', async (t) => {
    const service = await startModelService(t, (_request, index) =>
      index < 2
        ? { status: 529, error: 'Overloaded', headers: { 'retry-after-ms': '5' } }
        : { blocks: [hello] },
    );
    const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key' });
    const parts = await all(endpoint.answer(requestFor(), never));
    assert.equal(service.requests.length, 3);
    assert.equal(parts.at(-1)?.type, 'end');
  });

  for (const [status, kind, error] of [
    [401, 'auth', 'invalid x-api-key'],
    [429, 'quota', 'rate limit'],
    [404, 'unavailable', 'model: m'],
    [400, 'tooLong', 'prompt is too long: 300000 tokens > 200000 maximum'],
    [529, 'overloaded', 'Overloaded'],
  ] as const) {
    it(`has its refusal with status ${status} told as ${kind}, in its own words`, async (t) => {
      const service = await startModelService(t, () => ({ status, error }));
      const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key', maxRetries: 0 });
      const failure = await all(endpoint.answer(requestFor(), never)).catch(describeFailure);
      assert.deepEqual(failure, { kind, message: error });
    });
  }

  it('that breaks off in the middle of an answer, or is not there, is a network failure', async (t) => {
    const service = await startModelService(t, () => ({ blocks: [hello], breaksOff: true }));
    const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key', maxRetries: 0 });
    const parts: AnswerPart[] = [];
    const failure = await (async () => {
      for await (const part of endpoint.answer(requestFor(), never)) parts.push(part);
    })().catch(describeFailure);
    assert.equal(failure?.kind, 'network');
    const nobody = openEndpoint({ baseUrl: 'http://127.0.0.1:9', apiKey: 'key', maxRetries: 0 });
    const refused = await all(nobody.answer(requestFor(), never)).catch(describeFailure);
    assert.equal('kind' in refused && refused.kind, 'network');
  });

  it('hears nothing more of a request that is cancelled', async (t) => {
    const service = await startModelService(t, () => ({ blocks: [hello], hangs: true }));
    const endpoint = openEndpoint({ baseUrl: service.url, apiKey: 'key' });
    const aborter = new AbortController();
    const failure = await (async () => {
      for await (const part of endpoint.answer(requestFor(), aborter.signal)) {
        if (part.type === 'text') aborter.abort();
      }
    })().catch(describeFailure);
    assert.equal(failure?.kind, 'cancelled');
    await waitFor(() => service.abandonedCount() === 1);
    assert.equal(service.requests.length, 1);
  });

  it('gets the key it was given and none of those in the environment', async (t) => {
    const service = await startModelService(t, () => ({ blocks: [hello] }));
    const before = { ...process.env };
    t.after(() => {
      process.env = before;
    });
    process.env['ANTHROPIC_API_KEY'] = 'foreign-key';
    process.env['ANTHROPIC_AUTH_TOKEN'] = 'foreign-token';
    process.env['ANTHROPIC_CUSTOM_HEADERS'] = 'X-Gateway: foreign-secret';
    await all(openEndpoint({ baseUrl: service.url, apiKey: 'own' }).answer(requestFor(), never));
    await all(
      openEndpoint({ baseUrl: service.url, apiKey: undefined }).answer(requestFor(), never),
    );
    const [withKey, without] = service.requests;
    assert.equal(withKey?.headers['x-api-key'], 'own');
    assert.equal(withKey.headers.authorization, 'Bearer own');
    assert.equal(without?.headers['x-api-key'], undefined);
    assert.equal(without?.headers.authorization, undefined);
    assert.doesNotMatch(JSON.stringify(service.requests), /foreign/);
  });

  it('lists its models with what they can', async (t) => {
    const supported = { supported: true };
    const service = await startModelService(t, () => ({ blocks: [] }), [
      {
        id: 'm-1',
        display_name: 'Model One',
        max_input_tokens: 500_000,
        max_tokens: 64_000,
        capabilities: {
          image_input: supported,
          thinking: { supported: true, types: { adaptive: supported, enabled: supported } },
        },
      },
      { id: 'm-2' },
    ]);
    const models = await openEndpoint({ baseUrl: service.url, apiKey: 'key' }).listModels();
    assert.deepEqual(models, [
      {
        id: 'm-1',
        name: 'Model One',
        maxInputTokens: 500_000,
        maxOutputTokens: 64_000,
        acceptsImages: true,
        thinking: 'adaptive',
      },
      {
        id: 'm-2',
        name: 'm-2',
        maxInputTokens: 200_000,
        maxOutputTokens: 8192,
        acceptsImages: false,
        thinking: 'none',
      },
    ]);
  });
});
