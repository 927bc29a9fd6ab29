import type { Assignment } from './assignments.ts';
import type { Word } from './word.ts';

/** One command of a command line, with the words that it consists of before the shell expands them. */
export interface SimpleCommand {
  readonly raw: string;
  readonly words: readonly Word[];
  readonly assignments: readonly Assignment[];
}

export interface Redirection {
  readonly operator: string;
  readonly target: Word;
}

/** What a command line consists of. */
export interface ShellAnalysis {
  /** Every command that runs where an approval can see it. */
  readonly commands: readonly SimpleCommand[];
  /** Commands inside substitutions, functions, quoted scripts, …: deny rules reach them, allow rules do not. */
  readonly hidden: readonly SimpleCommand[];
  readonly redirections: readonly Redirection[];
  /** Assignments on their own. */
  readonly assignments: readonly Assignment[];
  /** Variables that the line itself gives a value. */
  readonly assigned: ReadonlySet<string>;
  /** A command of it may run any number of times. */
  readonly hasLoop: boolean;
  /** It could not be read to its end, so that nobody knows all that it runs. */
  readonly isUnreadable: boolean;
  /** Why the line always has to be asked about, in words; the first one found is the one to tell. */
  readonly concerns: readonly string[];
}
