import path from 'node:path';
import * as v from 'valibot';
import type { CommandSuggestion } from './commandSuggestion.ts';

const argumentSchema = v.union([
  v.string(),
  v.object({ value: v.union([v.string(), v.array(v.string())]), quoting: v.optional(v.string()) }),
]);
type Argument = v.InferOutput<typeof argumentSchema>;

const partSchema = v.object({
  command: v.optional(argumentSchema),
  args: v.optional(v.array(argumentSchema)),
  options: v.optional(
    v.object({ cwd: v.optional(v.string()), env: v.optional(v.record(v.string(), v.string())) }),
  ),
});
type Part = v.InferOutput<typeof partSchema>;

const taskSchema = v.object({
  ...partSchema.entries,
  label: v.optional(v.string()),
  type: v.optional(v.string()),
  linux: v.optional(partSchema),
  osx: v.optional(partSchema),
  windows: v.optional(partSchema),
});

/** What the variables in tasks.json stand for. */
export interface TaskVariables {
  readonly folder: string;
  readonly homeDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The value of `${config:NAME}`. */
  readonly readSetting: (name: string) => unknown;
}

/**
 * The shell and process tasks of a tasks.json that can be run as they are. Left out are those that ask something
 * (`${input:…}`), depend on the file being edited, or come from another extension.
 */
export function shellTasks(configured: unknown, variables: TaskVariables): CommandSuggestion[] {
  if (!Array.isArray(configured)) return [];
  return configured.flatMap((entry) => {
    const parsed = v.safeParse(taskSchema, entry);
    const isOurs = parsed.success && /^(shell|process)$/.test(parsed.output.type ?? 'process');
    if (!isOurs) return [];
    const { label, ...task } = parsed.output;
    const suggestion = suggestionOf(
      { ...task, ...task[platformKey(variables.platform)] },
      variables,
    );
    if (suggestion === undefined) return [];
    const known = { ...suggestion, ...(label === undefined ? {} : { title: label }) };
    return [{ ...known, description: 'tasks.json' }];
  });
}

function suggestionOf(
  task: Part & { readonly type?: string | undefined },
  variables: TaskVariables,
): CommandSuggestion | undefined {
  if (task.command === undefined) return undefined;
  const { command, args = [] } = task;
  // A process is given its arguments as they are; only a shell may find something in them.
  const words =
    task.type === 'shell'
      ? [commandWord(command), ...args.map(quoteArgument)]
      : [command, ...args].map((word) => quoteStrictly(textOf(word)));
  const line = substitute(words.join(' '), variables);
  const cwd = substitute(task.options?.cwd ?? variables.folder, variables);
  const environment = Object.entries(task.options?.env ?? {}).map(([name, value]) => {
    return [name, substitute(value, variables)] as const;
  });
  if (line === undefined || line.trim() === '' || cwd === undefined) return undefined;
  if (environment.some(([, value]) => value === undefined)) return undefined;
  return {
    line,
    cwd: path.resolve(variables.folder, cwd),
    environment: Object.fromEntries(environment) as Record<string, string>,
  };
}

/** A command that is a text alone may be a whole line, and is never quoted. */
function commandWord(command: Argument): string {
  return typeof command === 'string' ? command : quoteArgument(command);
}

/** As the editor does: a plain text is quoted when it has blanks; else the task says how. */
function quoteArgument(argument: Argument): string {
  if (typeof argument === 'string') return /\s/.test(argument) ? strong(argument) : argument;
  const text = textOf(argument);
  switch (argument.quoting) {
    case 'strong':
      return strong(text);
    case 'weak':
      return `"${text.replaceAll('"', String.raw`\"`)}"`;
    default:
      return text.replaceAll(/[\s"'\\]/g, String.raw`\$&`);
  }
}

function textOf(argument: Argument): string {
  if (typeof argument === 'string') return argument;
  return Array.isArray(argument.value) ? argument.value.join(' ') : argument.value;
}

/** Variables are put in later, and may have blanks. */
function quoteStrictly(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : strong(text);
}

function strong(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Undefined when there is a variable that means nothing here. */
function substitute(text: string, variables: TaskVariables): string | undefined {
  const unknown: string[] = [];
  const result = text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
    const value = valueOf(name, variables);
    if (value === undefined) unknown.push(name);
    return value ?? whole;
  });
  return unknown.length === 0 ? result : undefined;
}

function valueOf(name: string, variables: TaskVariables): string | undefined {
  const { folder } = variables;
  const [kind = '', ...rest] = name.split(':');
  const argument = rest.join(':');
  if (kind === 'env') return variables.environment[argument] ?? '';
  if (kind === 'config') return settingText(variables.readSetting(argument));
  if (argument !== '') {
    const isThisFolder = kind === 'workspaceFolder' && argument === path.basename(folder);
    return isThisFolder ? folder : undefined;
  }
  switch (kind) {
    case 'workspaceFolder':
    case 'workspaceRoot':
    case 'cwd':
      return folder;
    case 'workspaceFolderBasename':
      return path.basename(folder);
    case 'userHome':
      return variables.homeDirectory;
    case 'pathSeparator':
    case '/':
      return path.sep;
    default:
      return undefined;
  }
}

function settingText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function platformKey(platform: NodeJS.Platform): 'linux' | 'osx' | 'windows' {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'osx' : 'linux';
}
