import { resolve } from 'node:path';
import type { RuleApproval } from './approval.ts';
import { decided, expiredNote, type Decision, type RulesInForce } from './decision.ts';
import { matchesPath, mayLieBelow, namesInPattern } from './pathPattern.ts';
import { isInPlaces, locate, protectedPartOf, type Places } from './places.ts';
import { isEditingTool } from './rule.ts';
import { showText } from './shell/characters.ts';
import { isSearchTool, readsBelow, type ToolPaths } from './toolPaths.ts';

/** What a tool wants with a file. */
export interface PathQuestion {
  readonly tool: string;
  /** As the tool was given it; the folder itself when it was given none. */
  readonly path: string;
  readonly cwd: string;
  readonly places: Places;
}

const STRICTNESS = ['allow', 'ask', 'deny'] as const;

/** Decides about a tool that reads or writes files: what the strictest answer about any of them is. */
export function decidePaths(
  question: Omit<PathQuestion, 'path'>,
  given: ToolPaths,
  rules: RulesInForce,
): Decision {
  if ('reason' in given) {
    const by = findDenial(rules.deny, [], question.places);
    return by === undefined
      ? decided('ask', `${showText(given.path)}: ${given.reason}`)
      : decided('deny', `${question.tool} is denied by ${by.rule.text}`, by);
  }
  const decisions = given.paths.map((path) => decidePath({ ...question, path }, rules));
  const strictest = STRICTNESS[Math.max(...decisions.map((each) => rank(each.decision)))];
  return (
    decisions.find(({ decision }) => decision === strictest) ??
    decided('ask', `${question.tool} names no file`)
  );
}

function rank(decision: Decision['decision']): number {
  return STRICTNESS.indexOf(decision);
}

function decidePath(question: PathQuestion, rules: RulesInForce): Decision {
  const { tool, path, cwd, places } = question;
  const name = showText(path);
  const located = locate(path, [cwd]);
  const paths = 'paths' in located ? located.paths : [];
  const options = { isSearch: isSearchTool(tool) };
  const denied = findDenial(rules.deny, [...paths, ...lexicalPaths(path, cwd)], places, options);
  if (denied) return decided('deny', `${tool} of ${name} is denied by ${denied.rule.text}`, denied);
  if ('reason' in located) return decided('ask', `${name}: ${located.reason}`);
  const below = readsBelow(tool)
    ? findBelow([...rules.deny, ...rules.ask], paths, places)
    : undefined;
  if (below) {
    return decided('ask', `${tool} of ${name} may show what ${below.rule.text} is about`, below);
  }
  const asked = findDenial(rules.ask, paths, places, options);
  if (asked) return decided('ask', `${asked.rule.text} says to ask about ${name}`, asked);
  const covering = paths.map((each) => findAllowing(rules.allow, each, question));
  const [first] = covering;
  if (first !== undefined && covering.every((each) => each !== undefined)) {
    return decided('allow', `${tool} of ${name} is covered by ${first.rule.text}`, first);
  }
  return decided('ask', whyNotCovered(question, paths, rules));
}

/** The first rule that reaches any of the paths. */
export function findDenial(
  rules: readonly RuleApproval[],
  paths: readonly string[],
  places: Places,
  { isSearch = false } = {},
): RuleApproval | undefined {
  const options = { isDenial: true, isSearch };
  return rules.find(
    ({ rule: { specifier } }) =>
      specifier === undefined ||
      paths.some((each) => matchesPath(specifier, each, places, options)),
  );
}

function findAllowing(
  rules: readonly RuleApproval[],
  realPath: string,
  { tool, places }: PathQuestion,
): RuleApproval | undefined {
  const isInPlace = isInPlaces(places, realPath);
  const guarded = isEditingTool(tool) ? protectedPartOf(places, realPath) : undefined;
  return rules.find(({ rule: { specifier } }) => {
    if (specifier === undefined) return isInPlace && guarded === undefined;
    const isMeant =
      guarded === undefined || namesInPattern(specifier).includes(guarded.toLowerCase());
    return isMeant && matchesPath(specifier, realPath, places, { isSearch: isSearchTool(tool) });
  });
}

/** A rule about something that lies in one of the directories. */
function findBelow(
  rules: readonly RuleApproval[],
  directories: readonly string[],
  places: Places,
): RuleApproval | undefined {
  return rules.find(({ rule: { specifier } }) =>
    directories.some((each) => specifier !== undefined && mayLieBelow(specifier, each, places)),
  );
}

function whyNotCovered(
  question: PathQuestion,
  paths: readonly string[],
  rules: RulesInForce,
): string {
  const { tool, path, places } = question;
  const name = showText(path);
  if (paths.some((each) => !isInPlaces(places, each))) {
    return `${name} lies outside of the directories that were approved`;
  }
  const guarded = isEditingTool(tool)
    ? paths.map((each) => protectedPartOf(places, each)).find((each) => each !== undefined)
    : undefined;
  if (guarded !== undefined) {
    return `${name} decides what runs or what is allowed: only a rule that names ${guarded} covers it`;
  }
  const old = rules.expired.find(({ rule }) =>
    paths.every(
      (each) => rule.specifier === undefined || matchesPath(rule.specifier, each, places),
    ),
  );
  return `${tool} of ${name} is not covered by an approval${expiredNote(old)}`;
}

/** A denial also counts for a path as it is written, links not followed. */
function lexicalPaths(text: string, cwd: string): string[] {
  return text.includes('\0') ? [] : [resolve(cwd, text)];
}
