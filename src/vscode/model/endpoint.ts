import type * as model from '../../model/main.ts';

/** The code that talks to services: it is big, and most windows never need it. */
export function loadEndpointCode(): Promise<typeof model> {
  return import('../../model/main.ts');
}
