import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from '@anthropic-ai/sdk/core/error';
import type { EndpointFailure, EndpointFailureKind } from './types.ts';

/** What the service or the network said, sorted by what the user can do about it. */
export function failureOf(error: unknown): EndpointFailure {
  if (error instanceof APIUserAbortError) return { kind: 'cancelled', message: 'cancelled' };
  if (error instanceof APIConnectionTimeoutError) {
    return { kind: 'network', message: 'the service did not answer in time' };
  }
  if (error instanceof APIConnectionError) {
    return { kind: 'network', message: describeConnection(error) };
  }
  if (!(error instanceof APIError)) {
    const message = error instanceof Error ? error.message : String(error);
    // A stream that breaks off is not the library's error but that of fetch.
    const isNetwork = error instanceof TypeError || /terminated|socket|ECONN/i.test(message);
    return { kind: isNetwork ? 'network' : 'unknown', message };
  }
  const said = saidBy(error);
  const retryAfterMs = retryAfterOf(error);
  return {
    kind: kindOf(statusOf(error), error.type, said),
    message: said,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function kindOf(
  status: number | undefined,
  type: string | null | undefined,
  said: string,
): EndpointFailureKind {
  // There is no type of its own for a prompt that does not fit.
  if (status === 413 || (status === 400 && /too long|too large|context window/i.test(said))) {
    return 'tooLong';
  }
  if (type === 'overloaded_error') return 'overloaded';
  switch (status) {
    case 401:
    case 403:
      return 'auth';
    case 402:
    case 429:
      return 'quota';
    case 404:
      return 'unavailable';
    case 408:
      return 'network';
    case 451:
      return 'blocked';
    default:
      return status !== undefined && status >= 500 ? 'overloaded' : 'unknown';
  }
}

function statusOf(error: { readonly status?: unknown }): number | undefined {
  return typeof error.status === 'number' ? error.status : undefined;
}

/** The words of the service without the JSON around them. */
function saidBy(error: { readonly error?: unknown; readonly message: string }): string {
  const body = error.error;
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const inner = body.error;
    if (typeof inner === 'object' && inner !== null && 'message' in inner) {
      return String(inner.message);
    }
    if (typeof inner === 'string') return inner;
  }
  return error.message;
}

function retryAfterOf(error: { readonly headers?: unknown }): number | undefined {
  const { headers } = error;
  const text = headers instanceof Headers ? headers.get('retry-after') : null;
  const seconds = text === null ? NaN : Number(text);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The library says only "Connection error."; what it was is further down. */
function describeConnection(error: Error): string {
  let deepest: unknown = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return error.message;
  const code = 'code' in deepest ? String(deepest.code) : '';
  return deepest.message || code || error.message;
}
