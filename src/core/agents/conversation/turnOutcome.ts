import type { ModelFailure } from './model.ts';
import { describeModelFailure, type FailureWords } from './modelFailure.ts';

/** How a turn ended. */
export type TurnOutcome =
  | { readonly kind: 'completed' | 'cancelled' | 'stopped' | 'refused' | 'cutOff' }
  | { readonly kind: 'failed'; readonly failure: ModelFailure }
  | { readonly kind: 'roundsExhausted'; readonly rounds: number };

/** What to tell the user at the end of a turn; undefined where the answer says it all. */
export function describeOutcome(outcome: TurnOutcome): FailureWords | undefined {
  switch (outcome.kind) {
    case 'completed':
      return undefined;
    case 'cancelled':
    case 'stopped':
      return { message: 'Stopped.', next: 'Everything up to here is kept: `/continue` goes on.' };
    case 'refused':
      return {
        message: 'The model declined to answer.',
        next: 'Say it in other words, or pick another model.',
      };
    case 'cutOff':
      return {
        message: 'The answer is longer than the model gives at once.',
        next: '`/continue` lets it go on.',
      };
    case 'failed':
      return describeModelFailure(outcome.failure);
    case 'roundsExhausted':
      return {
        message: `The model has called tools in ${outcome.rounds} answers in a row without coming to an end.`,
        next: 'Look at what it does; `/continue` lets it go on.',
      };
  }
}
