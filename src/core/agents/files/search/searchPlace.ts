/** Where to search. */
export interface SearchPlace {
  readonly directory: string;
  /** One file in the directory; all of it unless given. */
  readonly name: string | undefined;
  /** Whose .gitignore files count. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What a search finds; files by their path relative to the directory. */
export type Hit =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'count'; readonly file: string; readonly count: number }
  | {
      readonly kind: 'line';
      readonly file: string;
      readonly line: number;
      readonly isMatch: boolean;
      readonly text: string;
    }
  /** Between lines of one file that do not follow one another. */
  | { readonly kind: 'gap' };

/** False: that is enough. */
export type OnHit = (hit: Hit) => boolean;
