import { findRiskyOption, mayBeRisky, type RiskyOptions } from './options.ts';
import type { Word } from './word.ts';

interface Interpreter {
  readonly name: RegExp;
  /** Options that bring code with them. */
  readonly inline: RiskyOptions;
  /** Options that do their work without a script. */
  readonly alone?: RegExp;
  /** Never a program of its own. */
  readonly always?: boolean;
}

const SHELLS = /^(ba|z|da|k|mk|tc|c|a|fi|rba)?sh$|^(nu|elvish|xonsh|yash|oksh)$/;
/** Files that are what somebody sends. */
const SENT = /(^|\/)(proc\/|dev\/(stdin|fd|tcp|udp))/;
/** Of Python. */
const MODULES_FOR_CODE = /^(timeit|code|pdb|idlelib|ast)$/;
const TAKES_MODULE = /^-[A-Za-z]*m$/;
const TELLS = /^(--?version|-v|-V|--help|-h)$/;
const SHELL_OPTIONS: RiskyOptions = {
  short: 'csi',
  long: ['init-file', 'rcfile', 'command', 'init-command'],
  words: /^[+]/,
};

const INTERPRETERS: readonly Interpreter[] = [
  {
    name: /^(ba|z|da|k|mk|tc|c|a|fi|r?ba)?sh$|^(nu|elvish|xonsh|yash|oksh)$/,
    inline: SHELL_OPTIONS,
  },
  {
    name: /^(node|nodejs|tsx|ts-node)$/,
    inline: {
      short: 'epi',
      valued: 'rC',
      long: ['eval', 'print', 'interactive'],
      words:
        /^(--(import|loader|require|experimental-loader)=)?data:|^inspect$|^--inspect(-\w+)?=(?!127\.|localhost|\[::1\]|\d+$)/i,
      bareUntil: /[./]/,
    },
    alone: /^(--test|--run|--check|-c)\b/,
  },
  {
    name: /^bun$/,
    inline: { short: 'ep', long: ['eval', 'print'], words: /^(repl|exec)$/, bareUntil: /[./]/ },
    alone: /^\w/,
  },
  { name: /^deno$/, inline: { words: /^(eval|repl)$/, bareUntil: /[./]/ }, alone: /^\w/ },
  {
    name: /^(python|pypy)[\d.]*$/,
    inline: { short: 'ci', valued: 'mWX', words: /^-[A-Za-z]*m(timeit|code|pdb|idlelib|ast)$/ },
    alone: /^-m/,
  },
  { name: /^perl[\d.]*$/, inline: { short: 'eEMmxsSd', valued: 'I' } },
  { name: /^ruby[\d.]*$/, inline: { short: 'exS', valued: 'IrCE' } },
  {
    name: /^php[\d.]*$/,
    inline: { short: 'rBREda', long: ['run', 'process-code', 'define'] },
    alone: /^-S/,
  },
  { name: /^(lua|luajit)[\d.]*$/, inline: { short: 'eil' } },
  { name: /^R(script)?$/, inline: { short: 'e' } },
  {
    name: /^(java|jshell|groovy|scala|kotlin)$/,
    inline: { words: /^(-e|-javaagent|-agent|-Xrun|-XX:.*On(Out|Error)|@)/ },
    alone: /^-/,
  },
  {
    name: /^(julia|octave|elixir|iex|gnuplot|ocaml|crystal|dart|nim|raku|scheme|janet|escript|erl|swipl)$/,
    inline: { short: 'eEprs', long: ['eval', 'print', 'rpc-eval', 'goal'] },
  },
  {
    name: /^(psql|mysql|mariadb|mongosh?|redis-cli|gdb|lldb|dc|m4|ftp|sftp|lftp|telnet)$/,
    inline: {},
    always: true,
  },
  {
    name: /^(tclsh|wish|osascript|pwsh|powershell|cmd|irb|ghci|guile|sbcl|clisp|racket|ed|ex|vi|vim|nvim|view|emacs|nano|jshell)[\d.]*(\.exe)?$/,
    inline: {},
    always: true,
  },
];

/** Why a command that starts an interpreter has to be asked about; undefined for a script of the user's, or another program. */
export function whyInterpreterAsks(name: string, words: readonly Word[]): string | undefined {
  const interpreter = INTERPRETERS.find((each) => each.name.test(name));
  if (interpreter === undefined) return undefined;
  if (interpreter.always) return `${name} runs whatever it is told`;
  const options = optionsBeforeScript(words);
  const code = findRiskyOption(options, interpreter.inline);
  if (code !== undefined) return `${name} is given code on the command line (${code})`;
  const module = words.find((_word, index) => TAKES_MODULE.test(words[index - 1]?.value ?? ''));
  if (MODULES_FOR_CODE.test(module?.visible ?? '')) {
    return `${name} -m ${module?.raw ?? ''} runs what it is told`;
  }
  const unknown =
    words.find(({ value, prefix }) => value === undefined && prefix === '') ??
    options.find((word) => mayBeRisky(word, interpreter.inline)) ??
    [...options, ...(module === undefined ? [] : [module])].find(
      (word) => word.value === undefined && (word === module || /^-[A-Za-z]*m/.test(word.prefix)),
    );
  if (unknown !== undefined) return `what ${name} runs is only known when it runs (${unknown.raw})`;
  const isTold = words.some(
    ({ value = '' }) => TELLS.test(value) || interpreter.alone?.test(value),
  );
  const script = words.find(({ value, prefix }) => !/^[-+]/.test(value ?? prefix));
  if (!isTold && script === undefined) return `${name} runs what it is sent`;
  return words.some(({ visible }) => visible === '-' || SENT.test(visible))
    ? `${name} runs what it is sent`
    : undefined;
}

/**
 * The words that the interpreter itself may read. Which options take a value is not known for all, so that the first
 * word without a dash need not be the script: only behind options that are joined with their values it surely is.
 */
function optionsBeforeScript(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(({ value, prefix }) => !/^[-+]/.test(value ?? prefix));
  if (first === 0) return words.slice(0, 1);
  const module = words.findIndex(({ value }) => TAKES_MODULE.test(value ?? ''));
  return module === -1 ? words : words.slice(0, module);
}

/** Whether a program takes a shell script among its arguments. */
export function isShellScriptRunner(name: string): boolean {
  return (
    SHELLS.test(name) ||
    /^(eval|trap|su|runuser|watch|script|ssh|env|parallel|flock|nix-shell|tmux|screen|entr|npx|npm)$/.test(
      name,
    )
  );
}
