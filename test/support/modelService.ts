import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from './tempDir.ts';

/** A request as the service got it. */
export interface ServiceRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: ServiceBody;
}

export interface ServiceBody {
  readonly model?: string;
  readonly system?: unknown;
  readonly thinking?: unknown;
  readonly tools?: readonly Record<string, unknown>[];
  readonly messages: readonly {
    readonly role: string;
    readonly content: readonly Record<string, unknown>[];
  }[];
}

/** One block of an answer. */
export type ServiceBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: object;
    };

export type ServiceAnswer =
  | { readonly status: number; readonly error: string; readonly headers?: Record<string, string> }
  | {
      readonly blocks: readonly ServiceBlock[];
      /** Ends the connection before the answer is over. */
      readonly breaksOff?: boolean;
      /** Says nothing more and waits. */
      readonly hangs?: boolean;
    };

export interface ModelService {
  readonly url: string;
  readonly requests: readonly ServiceRequest[];
  /** How many requests the client has given up. */
  readonly abandonedCount: () => number;
}

/**
 * A service that speaks as much of the Messages API as a test needs, on the loopback. `answer` says what comes of the
 * n-th request for an answer.
 */
export async function startModelService(
  test: Cleanup,
  answer: (request: ServiceRequest, index: number) => ServiceAnswer,
  models: readonly object[] = [],
): Promise<ModelService> {
  const requests: ServiceRequest[] = [];
  let abandoned = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (pathname === '/v1/models') {
        sendModels(response, models);
        return;
      }
      const body = JSON.parse(Buffer.concat(chunks).toString()) as ServiceBody;
      const received = { path: pathname, headers: request.headers, body };
      requests.push(received);
      send(response, answer(received, requests.length - 1));
    });
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, abandonedCount: () => abandoned };
}

function sendModels(response: ServerResponse, models: readonly object[]): void {
  response.writeHead(models.length === 0 ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ data: models, has_more: false, first_id: null, last_id: null }));
}

function send(response: ServerResponse, answer: ServiceAnswer): void {
  if ('error' in answer) {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    const error = { type: 'api_error', message: answer.error };
    response.end(JSON.stringify({ type: 'error', error }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  const usage = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 90 };
  event('message_start', {
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage },
  });
  answer.blocks.forEach((block, index) => {
    sendBlock(event, block, index);
  });
  if (answer.breaksOff === true) response.destroy();
  if (answer.breaksOff === true || answer.hangs === true) return;
  const isCall = answer.blocks.some(({ type }) => type === 'tool_use');
  event('message_delta', {
    delta: { stop_reason: isCall ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { output_tokens: 7 },
  });
  event('message_stop', {});
  response.end();
}

/** In pieces of three characters, as nobody should rely on where they are cut. */
function sendBlock(
  event: (type: string, fields: object) => void,
  block: ServiceBlock,
  index: number,
): void {
  const delta = (fields: object): void => {
    event('content_block_delta', { index, delta: fields });
  };
  switch (block.type) {
    case 'text':
      event('content_block_start', { index, content_block: { type: 'text', text: '' } });
      for (const text of pieces(block.text)) delta({ type: 'text_delta', text });
      break;
    case 'thinking':
      event('content_block_start', {
        index,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      });
      for (const thinking of pieces(block.thinking)) delta({ type: 'thinking_delta', thinking });
      delta({ type: 'signature_delta', signature: block.signature });
      break;
    case 'tool_use':
      event('content_block_start', { index, content_block: { ...block, input: {} } });
      for (const piece of pieces(JSON.stringify(block.input))) {
        delta({ type: 'input_json_delta', partial_json: piece });
      }
  }
  event('content_block_stop', { index });
}

function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,3}/g) ?? [];
}
