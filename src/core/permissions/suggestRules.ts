import { formsOf } from './commandForms.ts';
import type { Approval, RuleApproval } from './approval.ts';
import { coverCommand, isHarmlessCommand } from './decideBash.ts';
import { readRules, rulesFor } from './rulesInForce.ts';
import { isEditingTool, isPathTool, tryParseRule } from './rule.ts';
import { analyseShell } from './shell/analyse.ts';
import type { SimpleCommand } from './shell/analysis.ts';
import { loadShellGrammar } from './shell/grammar.ts';
import { whyInterpreterAsks } from './shell/interpreters.ts';
import { whyCommandAsks } from './shell/risks.ts';
import type { Word } from './shell/word.ts';
import { textArgument, type ToolInput } from './toolInput.ts';

/** Programs whose second word says what they do, so that the first alone would allow too much. */
const WITH_SUBCOMMANDS = new Set(
  (
    'git npm pnpm yarn bun cargo go docker docker-compose kubectl helm terraform gh glab poetry uv pip pip3 dotnet ' +
    'gradle mvn make just brew apt systemctl aws gcloud az deno nx turbo rails bundle composer npx pnpx bunx dart flutter'
  ).split(' '),
);
/** Those of them whose third word is the script that runs. */
const SCRIPT_RUNNERS =
  /^(npm|pnpm|yarn|bun) (run|run-script|exec)$|^(poetry|uv|bundle|docker) (run|exec|compose)$/;
/** A pattern for these would allow more than anybody means: only the command as it stands is offered, or nothing. */
const NO_PATTERN =
  /^(rm|rmdir|mv|cp|dd|chmod|chown|ln|tee|kill|pkill|killall|curl|wget|ssh|scp|rsync|mkfs.*|shred|truncate)$/;
const NEVER = /^(sudo|doas|su|pkexec|runuser|rm|dd|mkfs.*|shred|shutdown|reboot)$/;

/** What rules are offered for. */
export interface Wanted {
  readonly tool: string;
  readonly input: ToolInput;
  /** What is allowed already needs no rule. */
  readonly approvals?: readonly Approval[];
  readonly nowMs?: number;
}

/**
 * Rules to offer for what was asked about; none where only asking each time is sensible. A chain of commands gets one
 * rule for each that has none yet.
 */
export async function suggestRules(
  { tool, input, approvals = [], nowMs = 0 }: Wanted,
  grammarDirectory?: string,
): Promise<readonly string[]> {
  if (tool === 'Bash') {
    const { allow } = rulesFor('Bash', readRules(approvals), nowMs);
    return suggestForBash(textArgument(input, 'command') ?? '', allow, grammarDirectory);
  }
  if (tool === 'WebFetch') return suggestForUrl(textArgument(input, 'url') ?? '');
  if (isEditingTool(tool)) return tool === 'Write' ? ['Write'] : ['Edit'];
  if (isPathTool(tool)) return ['Read'];
  return tryParseRule(tool) === undefined ? [] : [tool];
}

/** Whether a path lies outside is asked when the command is. */
const nowhere = {
  isInside: () => true,
  whyWritingAsks: () => undefined,
  whyPatternAsks: () => undefined,
};

async function suggestForBash(
  command: string,
  allow: readonly RuleApproval[],
  grammarDirectory?: string,
): Promise<readonly string[]> {
  const analysis = analyseShell(command, await loadShellGrammar(grammarDirectory));
  if (analysis.concerns.length > 0) return [];
  const rules = analysis.commands
    .filter((each) => !isHarmlessCommand(each) && !coverCommand(allow, each, nowhere).by)
    .map((each) => ruleFor(each));
  return rules.includes(undefined) ? [] : [...new Set(rules.flatMap((rule) => rule ?? []))];
}

/** Undefined where no pattern that anybody means would cover the command (`sudo ls`). */
function ruleFor(command: SimpleCommand): string | undefined {
  const text = patternFor(formsOf(command.words).innermost);
  const rules = text === undefined ? [] : rulesFor('Bash', readRules([allowing(text)]), 0).allow;
  return coverCommand(rules, command, nowhere).by?.rule.text;
}

function allowing(rule: string): Approval {
  const nothing = { directory: undefined, realPath: undefined, expiresAtMs: undefined };
  return { rule, ...nothing, decision: 'allow', by: '', scope: 'session', givenAtMs: 0 };
}

function patternFor(words: readonly Word[]): string | undefined {
  const [name, second, third] = words.map(({ value }) => value);
  if (name === undefined || NEVER.test(name.replace(/^.*\//, ''))) return undefined;
  if (whyCommandAsks(words, nowhere) !== undefined) return undefined;
  const line = words.map(({ raw }) => raw).join(' ');
  if (NO_PATTERN.test(name) || isInterpreter(name)) return exact(line);
  if (!WITH_SUBCOMMANDS.has(name)) return words.length === 1 ? exact(line) : open(name);
  if (second === undefined) return exact(line);
  if (!/^[a-z][\w:.-]*$/i.test(second)) return exact(line);
  if (!SCRIPT_RUNNERS.test(`${name} ${second}`)) return open(`${name} ${second}`);
  return third !== undefined && /^[\w:.@/-]+$/.test(third)
    ? open(`${name} ${second} ${third}`)
    : exact(line);
}

/** An interpreter with no script asks; one with a script may run any other one too. */
function isInterpreter(name: string): boolean {
  return whyInterpreterAsks(name, []) !== undefined;
}

function exact(line: string): string | undefined {
  // What ends in a star would be a pattern.
  return line.endsWith('*') ? undefined : `Bash(${line})`;
}

function open(prefix: string): string {
  return `Bash(${prefix}:*)`;
}

function suggestForUrl(url: string): readonly string[] {
  try {
    const { hostname } = new URL(url);
    const rule = `WebFetch(domain:${hostname})`;
    return tryParseRule(rule) === undefined ? [] : [rule];
  } catch {
    return [];
  }
}
