import type { RuleApproval } from './approval.ts';
import { formsOf, type AllowableForm } from './commandForms.ts';
import { commandPatternOf, matchWords } from './commandPattern.ts';
import { decided, expiredNote, type Decision, type RulesInForce } from './decision.ts';
import { findDenial } from './decidePath.ts';
import { findPossibleDenial, type WorkingDirectories } from './unknownFiles.ts';
import { findDeniedFile } from './fileArguments.ts';
import { allCommandsOf, findReached } from './deniedCommands.ts';
import type { Places } from './places.ts';
import { analyseShell } from './shell/analyse.ts';
import type { ShellAnalysis, SimpleCommand } from './shell/analysis.ts';
import { whyAssignmentAsks } from './shell/assignments.ts';
import { showText, whyDeceptive } from './shell/characters.ts';
import type { ShellGrammar } from './shell/grammar.ts';
import { whyLooseWordsAsk } from './shell/looseWords.ts';
import { isHarmlessSet, whyCommandAsks, type RiskContext } from './shell/risks.ts';
import type { Word } from './shell/word.ts';
import {
  locateRedirection,
  riskContextOf,
  whereaboutsOf,
  type LocatedRedirection,
  type Whereabouts,
} from './shellPlaces.ts';

/** A command line that somebody wants to run. */
export interface BashQuestion {
  readonly command: string;
  readonly cwd: string;
  readonly places: Places;
  readonly grammar: ShellGrammar;
  /** Rules about files, for what the line redirects to. */
  readonly reading: RulesInForce;
  readonly writing: RulesInForce;
}

/** They do nothing that anybody would have to approve. */
const HARMLESS = new Set(['true', 'false', ':', 'pwd', 'exit', 'wait', 'break', 'continue', 'cd']);

/** Decides about a command line. `bypass`: whatever is not denied is allowed. */
export function decideBash(
  question: BashQuestion,
  rules: RulesInForce,
  { bypass }: { bypass: boolean },
): Decision {
  const { command } = question;
  if (command.trim() === '') return decided('ask', 'there is no command');
  const line = new LineDecision(question, rules);
  const objection = line.findObjection(bypass);
  if (objection !== undefined) return objection;
  if (bypass) return decided('allow', 'permissions are bypassed, and nothing denies it');
  return line.allowWhole() ?? line.askAlways() ?? line.decideParts();
}

class LineDecision {
  readonly #question: BashQuestion;
  readonly #rules: RulesInForce;
  readonly #analysis: ShellAnalysis;
  readonly #redirections: readonly LocatedRedirection[];
  readonly #whereabouts: Whereabouts;
  readonly #concerns: string[];
  #allCommands: readonly SimpleCommand[] | undefined;

  constructor(question: BashQuestion, rules: RulesInForce) {
    const { command, cwd, places, grammar } = question;
    this.#question = question;
    this.#rules = rules;
    this.#analysis = analyseShell(command, grammar);
    this.#whereabouts = whereaboutsOf(this.#analysis, cwd, places);
    const { directories, concern } = this.#whereabouts;
    this.#redirections = this.#analysis.redirections.map((each) =>
      locateRedirection(each, directories, places),
    );
    this.#concerns = [...this.#analysis.concerns, ...(concern === undefined ? [] : [concern])];
  }

  /** What a deny or an ask rule has to say. */
  findObjection(bypass: boolean): Decision | undefined {
    const { deny, ask } = this.#rules;
    const denied = findReached(deny, this.#all(), this.#question.command) ?? this.#wholeLine(deny);
    if (denied?.isCertain) {
      const { by } = denied;
      return decided('deny', `${quote(denied.command.raw)} is denied by ${by.rule.text}`, by);
    }
    const deniedFile = this.#objectionToFile('deny');
    if (deniedFile?.decision === 'deny') return deniedFile;
    if (denied !== undefined) {
      const what = `${quote(denied.command.raw)}: that is only known when it runs`;
      return decided('ask', `${denied.by.rule.text} may deny ${what}`, denied.by);
    }
    if (deny.length > 0 && this.#analysis.isUnreadable) {
      return decided('ask', `it cannot be read, so that ${deny[0]?.rule.text ?? ''} may deny it`);
    }
    if (deniedFile !== undefined || bypass) return deniedFile;
    const asked = findReached(ask, this.#all(), this.#question.command) ?? this.#wholeLine(ask);
    if (asked === undefined) return this.#objectionToFile('ask');
    const what = quote(asked.command.raw);
    return decided('ask', `${asked.by.rule.text} says to ask about ${what}`, asked.by);
  }

  /** What a rule about files says of a file that is redirected to, or that a command is given. */
  #objectionToFile(kind: 'ask' | 'deny'): Decision | undefined {
    const { reading, writing, places } = this.#question;
    const redirected = this.#findFileRule(kind);
    if (redirected !== undefined) {
      return decided(kind, `it redirects a file that ${redirected.rule.text} is about`, redirected);
    }
    const rules = { reading: reading[kind], writing: writing[kind] };
    const where = this.#workingDirectories();
    const found = findDeniedFile(rules, this.#all(), where, places);
    if (found?.isCertain !== true) {
      const possible = this.#findPossibleRedirection(kind);
      if (possible !== undefined) {
        return decided('ask', `it redirects what ${possible.rule.text} may be about`, possible);
      }
    }
    if (found === undefined) return undefined;
    const may = found.isCertain ? 'is' : 'may be';
    const what = `${quote(found.command.raw)} ${may} about a file that ${found.by.rule.text} is about`;
    return decided(found.isCertain ? kind : 'ask', what, found.by);
  }

  #workingDirectories(): WorkingDirectories {
    const { directories, isOutside, concern } = this.#whereabouts;
    return { directories, isLost: !isOutside && concern !== undefined };
  }

  /** Every command of the line, those in quoted scripts included. */
  #all(): readonly SimpleCommand[] {
    return (this.#allCommands ??= allCommandsOf(this.#analysis, this.#question.grammar));
  }

  /** A rule that is the very line, character by character: a person has seen all of it. */
  allowWhole(): Decision | undefined {
    const { command } = this.#question;
    const line = command.trim();
    if (this.#analysis.isUnreadable || this.#whereabouts.isOutside) return undefined;
    if (whyDeceptive(line) !== undefined) return undefined;
    const by = this.#rules.allow.find(
      ({ rule }) =>
        rule.specifier === line && commandPatternOf(line).words.length > 0 && !/\*$/.test(line),
    );
    return by && decided('allow', `${by.rule.text} is the whole command line`, by);
  }

  /** What no rule for a part of the line can allow. */
  askAlways(): Decision | undefined {
    const { commands, assignments } = this.#analysis;
    const { places, command } = this.#question;
    const context = riskContextOf(this.#whereabouts.directories, places);
    const concerns = [
      ...this.#concerns,
      ...this.#redirections.map(({ concern }) => concern),
      ...[...assignments, ...commands.flatMap((each) => each.assignments)].map(whyAssignmentAsks),
      ...commands.map((each) => {
        const { innermost, concern } = formsOf(each.words);
        if (concern !== undefined || each.words.length === 0) return concern;
        return whyCommandAsks(innermost, context) ?? this.#whyPathAsks(innermost[0]?.value ?? '');
      }),
    ];
    const concern = concerns.find((each) => each !== undefined);
    return concern === undefined
      ? undefined
      : decided('ask', `${quote(command)} has to be asked about: ${concern}`);
  }

  /** Each command needs a rule, not all of them the same. */
  decideParts(): Decision {
    const context = riskContextOf(this.#whereabouts.directories, this.#question.places);
    const commands = this.#analysis.commands.filter((each) => !isHarmlessCommand(each));
    const coverings = commands.map((each) => coverCommand(this.#rules.allow, each, context));
    const gap = coverings.findIndex(({ by }) => by === undefined);
    const [first] = coverings.flatMap(({ by }) => by ?? []);
    if (gap === -1) {
      const names = [...new Set(coverings.map(({ by }) => by?.rule.text))];
      if (first === undefined) return decided('allow', 'it does nothing that needs an approval');
      const line = quote(this.#question.command);
      return decided('allow', `${line} is covered by ${names.join(', ')}`, first);
    }
    const missing = commands[gap];
    const raw = quote(missing?.raw ?? '');
    const doubt = coverings[gap]?.doubt;
    if (doubt !== undefined) return decided('ask', `${raw} has to be asked about: ${doubt}`);
    const good = commands.find((_each, index) => coverings[index]?.by !== undefined);
    const contrast = good === undefined ? '' : `; ${quote(good.raw)} is`;
    const old = missing && coverCommand(this.#rules.expired, missing, context).by;
    return decided('ask', `${raw} is not covered by an approval${expiredNote(old)}${contrast}`);
  }

  #wholeLine(
    rules: readonly RuleApproval[],
  ): { by: RuleApproval; command: SimpleCommand; isCertain: boolean } | undefined {
    const line = this.#question.command.trim();
    const by = rules.find(({ rule }) => rule.specifier === undefined || rule.specifier === line);
    return by && { by, command: { raw: line, words: [], assignments: [] }, isCertain: true };
  }

  #findFileRule(kind: 'ask' | 'deny'): RuleApproval | undefined {
    const { reading, writing, places } = this.#question;
    for (const { isWriting, paths } of this.#redirections) {
      const by =
        paths.length === 0
          ? undefined
          : findDenial((isWriting ? writing : reading)[kind], paths, places);
      if (by !== undefined) return by;
    }
    return undefined;
  }

  #findPossibleRedirection(kind: 'ask' | 'deny'): RuleApproval | undefined {
    const { reading, writing, places } = this.#question;
    const where = this.#workingDirectories();
    for (const { isWriting, target, paths } of this.#redirections) {
      if (paths.length > 0 && !where.isLost) continue;
      const rules = (isWriting ? writing : reading)[kind].filter(
        ({ rule }) => rule.specifier !== undefined,
      );
      const by = findPossibleDenial(rules, target.pieces, where, places);
      if (by !== undefined) return by;
    }
    return undefined;
  }

  /** `./check.sh` is another program in another directory. */
  #whyPathAsks(name: string): string | undefined {
    const isRelative = name.includes('/') && !name.startsWith('/');
    return isRelative && this.#whereabouts.directories.length > 1
      ? `which ${name} runs depends on the directory that it changes to`
      : undefined;
  }
}

/** Whether a command does nothing that needs a rule. */
export function isHarmlessCommand({ words }: SimpleCommand): boolean {
  return (
    words.length === 0 ||
    HARMLESS.has(words[0]?.value ?? '') ||
    (words[0]?.value === 'set' && isHarmlessSet(words))
  );
}

/** The rule that allows a command; or why one that might does not. */
export interface Covering {
  readonly by?: RuleApproval;
  readonly doubt?: string;
}

export function coverCommand(
  rules: readonly RuleApproval[],
  { words }: SimpleCommand,
  context: RiskContext,
): Covering {
  const { allowable, innermost } = formsOf(words);
  const name = innermost[0]?.value ?? '';
  if (name === 'cd') return {};
  let doubt: string | undefined;
  for (const by of rules) {
    for (const form of allowable) {
      const match = matchForm(by.rule.specifier, form);
      if (match === 'no') continue;
      const reason =
        match === 'too broad'
          ? `${by.rule.text} does not say what it runs`
          : whyLooseWordsAsk(name, match.loose, context);
      if (reason === undefined) return { by };
      doubt ??= reason;
    }
  }
  return doubt === undefined ? {} : { doubt };
}

/** Whether a rule covers a form of a command, and which of the words it leaves open. */
function matchForm(
  specifier: string | undefined,
  { words, minWords }: AllowableForm,
): 'no' | 'too broad' | { readonly loose: readonly Word[] } {
  const pattern = commandPatternOf(specifier ?? '*');
  // `Bash` and `Bash(*)` cover everything on purpose.
  if (pattern.words.length === 0 && pattern.isOpen) return { loose: [] };
  if (matchWords(pattern, words) !== 'yes') return 'no';
  // `Bash(timeout:*)` says nothing about what is timed.
  if (pattern.words.length < minWords) return 'too broad';
  return { loose: words.filter((_word, index) => pattern.words[index]?.isSpelledOut !== true) };
}

function quote(text: string): string {
  return `\`${showText(text)}\``;
}
