import type { RefreshProgress, RefreshResult } from './refreshIndex.ts';
import type { ReaderInput } from './readerThread.ts';
import type { SearchAnswer, SearchOptions } from './searchIndex.ts';

/** What a thread of `src/indexer/main.ts` is started with. */
export type ThreadInput = AnswerInput | IndexInput | ReaderInput;

export interface AnswerInput {
  readonly role: 'answer';
  readonly home: string;
  /** One number: the search that nobody waits for any more. */
  readonly cancelled: SharedArrayBuffer;
}

export interface IndexInput {
  readonly role: 'index';
  readonly home: string;
  /** One number: 1 when it is to stop. */
  readonly stop: SharedArrayBuffer;
}

export interface SearchRequest extends SearchOptions {
  readonly id: number;
  readonly text: string;
}

/** What the answering thread says. */
export type AnswerMessage = LogMessage | AnswerResult;

export type AnswerResult = { readonly kind: 'answer'; readonly id: number } & (
  { readonly answer: SearchAnswer } | { readonly failure: string }
);

/** What the indexing thread says; its end is the result. */
export type IndexMessage =
  | LogMessage
  | { readonly kind: 'progress'; readonly progress: RefreshProgress }
  | { readonly kind: 'result'; readonly result: RefreshResult };

/** Errors cross as their texts. */
export interface LogMessage {
  readonly kind: 'log';
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}
