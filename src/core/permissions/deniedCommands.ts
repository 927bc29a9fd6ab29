import type { RuleApproval } from './approval.ts';
import { formsOf } from './commandForms.ts';
import { commandPatternOf, matchWords } from './commandPattern.ts';
import { analyseShell } from './shell/analyse.ts';
import type { ShellAnalysis, SimpleCommand } from './shell/analysis.ts';
import type { ShellGrammar } from './shell/grammar.ts';
import { isShellScriptRunner } from './shell/interpreters.ts';

const MAX_SCRIPT_DEPTH = 3;
const MAX_COMMANDS = 500;

/** A rule that reaches a command of the line; not certainly, when that depends on what is only known at run time. */
export interface Reached {
  readonly by: RuleApproval;
  readonly command: SimpleCommand;
  readonly isCertain: boolean;
}

/** Every command that a line runs as far as that can be seen, those in quoted scripts (`sh -c '…'`) included. */
export function allCommandsOf(analysis: ShellAnalysis, grammar: ShellGrammar): SimpleCommand[] {
  const found: SimpleCommand[] = [];
  const take = ({ commands, hidden }: ShellAnalysis, depth: number): void => {
    for (const command of [...commands, ...hidden]) {
      if (found.length >= MAX_COMMANDS) return;
      found.push(command);
      if (depth >= MAX_SCRIPT_DEPTH || !runsScripts(command)) continue;
      for (const { value } of command.words.slice(1)) {
        if (value !== undefined && /[\s;&|(]/.test(value)) {
          take(analyseShell(value, grammar), depth + 1);
        }
      }
    }
  };
  take(analysis, 0);
  return found;
}

/** The first rule that reaches any command; a certain one before others. */
export function findReached(
  rules: readonly RuleApproval[],
  commands: readonly SimpleCommand[],
  line: string,
): Reached | undefined {
  let uncertain: Reached | undefined;
  for (const command of commands) {
    for (const words of formsOf(command.words).deniable) {
      for (const by of rules) {
        const { specifier } = by.rule;
        const match =
          specifier === undefined || specifier === line.trim()
            ? 'yes'
            : matchWords(commandPatternOf(specifier), words);
        if (match === 'yes') return { by, command, isCertain: true };
        if (match === 'maybe') uncertain ??= { by, command, isCertain: false };
      }
    }
  }
  return uncertain;
}

function runsScripts({ words }: SimpleCommand): boolean {
  return formsOf(words).deniable.some((form) => isShellScriptRunner(form[0]?.value ?? ''));
}
