import type { RuleApproval } from './approval.ts';
import { formsOf, type AllowableForm } from './commandForms.ts';
import { commandPatternOf, matchWords } from './commandPattern.ts';
import { decided, expiredNote, type Decision, type RulesInForce } from './decision.ts';
import { findDenial } from './decidePath.ts';
import { allCommandsOf, findReached } from './deniedCommands.ts';
import type { Places } from './places.ts';
import { analyseShell } from './shell/analyse.ts';
import type { ShellAnalysis, SimpleCommand } from './shell/analysis.ts';
import { whyAssignmentAsks } from './shell/assignments.ts';
import { showText, whyDeceptive } from './shell/characters.ts';
import type { ShellGrammar } from './shell/grammar.ts';
import { isHarmlessSet, whyCommandAsks } from './shell/risks.ts';
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
    const { command, grammar } = this.#question;
    const { deny, ask } = this.#rules;
    const commands = deny.length + ask.length > 0 ? allCommandsOf(this.#analysis, grammar) : [];
    const denied = findReached(deny, commands, command) ?? this.#wholeLine(deny);
    if (denied?.isCertain) {
      const { by } = denied;
      return decided('deny', `${quote(denied.command.raw)} is denied by ${by.rule.text}`, by);
    }
    const deniedFile = this.#findFileRule('deny');
    if (deniedFile)
      return decided(
        'deny',
        `it redirects to a file that ${deniedFile.rule.text} denies`,
        deniedFile,
      );
    if (denied !== undefined) {
      return decided(
        'ask',
        `${denied.by.rule.text} may deny ${quote(denied.command.raw)}: that is only known when it runs`,
        denied.by,
      );
    }
    if (bypass) return undefined;
    const asked = findReached(ask, commands, command) ?? this.#wholeLine(ask);
    if (asked !== undefined) {
      return decided(
        'ask',
        `${asked.by.rule.text} says to ask about ${quote(asked.command.raw)}`,
        asked.by,
      );
    }
    const askedFile = this.#findFileRule('ask');
    return (
      askedFile &&
      decided(
        'ask',
        `${askedFile.rule.text} says to ask about a file that it redirects to`,
        askedFile,
      )
    );
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
    const commands = this.#analysis.commands.filter((each) => !isHarmlessCommand(each));
    const covering = commands.map((each) => findCovering(this.#rules.allow, each));
    const gap = covering.indexOf(undefined);
    const [first] = covering;
    if (gap === -1) {
      const names = [...new Set(covering.map((each) => each?.rule.text))];
      if (first === undefined) return decided('allow', 'it does nothing that needs an approval');
      return decided(
        'allow',
        `${quote(this.#question.command)} is covered by ${names.join(', ')}`,
        first,
      );
    }
    const raw = quote(commands[gap]?.raw ?? '');
    const good = commands.find((_each, index) => covering[index] !== undefined);
    const contrast = good === undefined ? '' : `; ${quote(good.raw)} is`;
    const old = commands[gap] && findCovering(this.#rules.expired, commands[gap]);
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

/** The rule that allows one command, if there is one. */
export function findCovering(
  rules: readonly RuleApproval[],
  { words }: SimpleCommand,
): RuleApproval | undefined {
  const { allowable, innermost } = formsOf(words);
  if (innermost[0]?.value === 'cd') return undefined;
  return rules.find(({ rule }) => allowable.some((form) => isCovered(rule.specifier, form)));
}

function isCovered(specifier: string | undefined, { words, minWords }: AllowableForm): boolean {
  if (specifier === undefined) return true;
  const pattern = commandPatternOf(specifier);
  // `Bash(timeout:*)` says nothing about what is timed; `Bash(*)` covers everything on purpose.
  const isBroad =
    pattern.words.length < minWords && !(pattern.words.length === 0 && pattern.isOpen);
  return !isBroad && matchWords(pattern, words) === 'yes';
}

function quote(text: string): string {
  return `\`${showText(text)}\``;
}
