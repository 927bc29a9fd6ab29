import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as bundle from '../../model/main.ts';

export type EndpointBundle = typeof bundle;

/** The code that talks to services, in a bundle of its own: it is big, and most windows never need it. */
export async function loadEndpointBundle(): Promise<EndpointBundle> {
  const file = pathToFileURL(path.join(import.meta.dirname, 'model.cjs')).href;
  const { default: loaded } = (await import(file)) as { default: EndpointBundle };
  return loaded;
}
