import type { ModelFailure, ModelFailureKind } from './model.ts';

/** A failure of a model in a user's words: what happened, and what to do next. */
export interface FailureWords {
  readonly message: string;
  readonly next: string;
}

const GO_ON = 'Nothing is lost: `/continue` goes on from here.';

const words: Readonly<Record<ModelFailureKind, FailureWords>> = {
  unavailable: {
    message: 'No such language model is available',
    next: `Pick another model below the chat input. ${GO_ON}`,
  },
  quota: {
    message: 'Your quota for this model is used up',
    next: `Pick another model, or wait until the quota is renewed. ${GO_ON}`,
  },
  consent: {
    message: 'You have not allowed Holdfast to use this model',
    next: `Allow it when VS Code asks, or pick another model. ${GO_ON}`,
  },
  network: {
    message: 'The model could not be reached',
    next: `Look at your connection, then try again. ${GO_ON}`,
  },
  tooLong: {
    message: 'The conversation is longer than this model takes, even summarised',
    next: 'Pick a model with a larger window, or begin anew with `/new`. Nothing is lost.',
  },
  overloaded: {
    message: 'The model is overloaded right now',
    next: `Try again in a moment. ${GO_ON}`,
  },
  blocked: {
    message: 'The provider blocked the answer',
    next: 'Say it in other words, or pick another model. Nothing is lost.',
  },
  auth: {
    message: 'The provider refused the key',
    next: `Set the key anew, or pick another model. ${GO_ON}`,
  },
  cancelled: { message: 'The answer was stopped', next: GO_ON },
  unknown: { message: 'The model gave no answer', next: `Try again. ${GO_ON}` },
};

export function describeModelFailure({ kind, message, retryAfterMs }: ModelFailure): FailureWords {
  const said = words[kind];
  const wait =
    retryAfterMs === undefined ? '' : ` It can be asked again in ${waitText(retryAfterMs)}.`;
  const detail = message.trim() === '' ? '' : ` (${message.trim()})`;
  return { message: `${said.message}${detail}.${wait}`, next: said.next };
}

/** What a provider threw instead of saying so. */
export function failureOf(error: unknown): ModelFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', message };
}

function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
