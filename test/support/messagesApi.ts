import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerTo, toolResultsIn, type Answer, type MessagesRequest } from './messagesAnswer.ts';
import type { Cleanup } from './tempDir.ts';

/**
 * A stand-in for the service that Claude Code talks to, on the loopback. Each line `@@Tool {json}` of a prompt makes it
 * answer with that tool call, one after the other; then it says "done". It keeps every request, so that a test can
 * tell what reached the model.
 */
export interface MessagesApi {
  readonly url: string;
  /** Requests of conversations, oldest first; not those by which Claude Code names a session and the like. */
  readonly requests: readonly MessagesRequest[];
  /** Everything that the model was given by all requests from this one on, as text. */
  textSince(index: number): string;
  /** The texts of all results of tools, each once, in their order. */
  toolResults(): string[];
}

export async function startMessagesApi(test: Cleanup): Promise<MessagesApi> {
  const requests: MessagesRequest[] = [];
  const server = createServer((request, response) => {
    void serve(request, response, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => close(server));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    textSince: (index) => JSON.stringify(requests.slice(index)),
    toolResults: () => toolResultsIn(requests),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  requests: MessagesRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname.endsWith('/count_tokens')) {
    sendJson(response, { input_tokens: 100 });
    return;
  }
  if (request.method !== 'POST' || pathname !== '/v1/messages') {
    response.writeHead(404).end();
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString()) as MessagesRequest;
  if (body.tools?.some(({ name }) => name === 'Bash')) requests.push(body);
  const answer = answerTo(body);
  if (body.stream === true) stream(response, answer);
  else sendJson(response, answer);
}

function stream(response: ServerResponse, answer: Answer): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  const { content, stop_reason: stopReason, usage } = answer;
  send('message_start', { message: { ...answer, content: [], stop_reason: null } });
  content.forEach((block, index) => {
    const isText = block.type === 'text';
    send('content_block_start', {
      index,
      content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} },
    });
    send('content_block_delta', {
      index,
      delta: isText
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
    });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
