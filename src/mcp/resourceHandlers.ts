import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CompleteRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Agents } from './agents.ts';
import { completeId, listResources, readResource, resourceTemplates } from './resources.ts';

/** Offers the resources; `subscribed` is kept up to date with those that the client wants to hear of. */
export function registerResources(
  { server }: McpServer,
  open: () => Promise<Agents>,
  subscribed: Set<string>,
): void {
  server.setRequestHandler(ListResourcesRequestSchema, async ({ params }) =>
    listResources((await open()).host, params?.cursor),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: resourceTemplates.map((template) => ({ ...template })),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }) =>
    readResource((await open()).host, params.uri),
  );
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
  server.setRequestHandler(CompleteRequestSchema, async ({ params: { ref, argument } }) => {
    const isOurs = ref.type === 'ref/resource' && argument.name === 'id';
    const values = isOurs ? completeId((await open()).host, ref.uri, argument.value) : [];
    return { completion: { values, total: values.length, hasMore: false } };
  });
}
