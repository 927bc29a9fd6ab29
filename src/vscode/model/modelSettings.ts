import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';

export const ANTHROPIC_URL = 'https://api.anthropic.com';

/** The settings `holdfast.model.…`; none of them can be changed by a folder. */
export interface ModelSettings {
  readonly baseUrl: string;
  /** Models to offer; none named: all that the service lists. */
  readonly names: readonly string[];
  /** How much a model may think before it answers; 0: not at all. */
  readonly thinkingTokens: number;
}

/** @throws HoldfastError `settings.outOfRange`. */
export function readModelSettings(): ModelSettings {
  const configuration = vscode.workspace.getConfiguration('holdfast.model');
  const names: unknown = configuration.get('names');
  const tokens: unknown = configuration.get('thinkingTokens');
  return {
    baseUrl: requireBaseUrl(configuration.get('baseUrl')),
    names: Array.isArray(names)
      ? names.filter((name) => typeof name === 'string' && name !== '')
      : [],
    thinkingTokens: typeof tokens === 'number' && tokens > 0 ? Math.floor(tokens) : 0,
  };
}

/** Why a text cannot be the address of a service; undefined when it can. */
export function whyNoBaseUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return 'an address such as https://models.example.com or http://localhost:8080';
  }
  return url.username !== '' || url.search !== '' || url.hash !== ''
    ? 'an address without a user, a query or a fragment'
    : undefined;
}

/** One form for each address: the library adds `/v1/messages` itself. */
export function normalBaseUrl(text: string): string {
  return text.trim().replace(/\/+$/, '').replace(/\/v1$/, '');
}

/** Whether a key may be sent there: over a network only encrypted. */
export function mayCarryKey(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function requireBaseUrl(value: unknown): string {
  if (value === undefined || value === '') return ANTHROPIC_URL;
  const allowed = typeof value === 'string' ? whyNoBaseUrl(value) : 'a text';
  if (typeof value === 'string' && allowed === undefined) return normalBaseUrl(value);
  throw new HoldfastError('settings.outOfRange', `it must be ${allowed ?? 'an address'}`, {
    data: { setting: 'holdfast.model.baseUrl', value, allowed },
  });
}
