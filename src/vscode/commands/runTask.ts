import path from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '../../core/common/errors.ts';
import { defaultShell } from '../../core/tasks/commandLine.ts';
import { lineBufferingWrapper } from '../../core/tasks/lineBuffering.ts';
import { startTask } from '../../core/tasks/startTask.ts';
import { DEFAULT_SIZE } from '../../core/terminals/terminalSize.ts';
import { noteTaskInSession, sessionForTask } from '../sessions/taskSession.ts';
import { policyOf, retentionOf } from '../settings.ts';
import { foldersOnDisk, requireTrust } from '../windowFolder.ts';
import type { CommandScope } from './commandScope.ts';
import type { CommandSuggestion } from './commandSuggestion.ts';
import { pickCommand, pickFolder } from './pickCommand.ts';

/** What keybindings, tests and other extensions may call `holdfast.tasks.run` with, in place of being asked. */
const requestSchema = v.object({
  command: v.string(),
  cwd: v.optional(v.string()),
  title: v.optional(v.string()),
  env: v.optional(v.record(v.string(), v.string())),
});

/** Starts a task and shows its output, or its terminal; gives its id, or undefined when the user chose no command. */
export async function runTask(
  scope: CommandScope,
  argument: unknown,
  { isInteractive = false } = {},
): Promise<string | undefined> {
  const window = scope.open();
  requireTrust();
  const suggestion = await suggestionFor(argument, window.host.workspace.folder, async () => {
    const folders = foldersOnDisk();
    if (folders.length === 0) throw new HoldfastError('workspace.none', 'no folder is open');
    const folder = await pickFolder(folders);
    return folder && pickCommand(window, folder);
  });
  if (suggestion === undefined) return undefined;

  const settings = scope.readSettings();
  const session = await sessionForTask(window, suggestion.title ?? suggestion.line);
  const task = await startTask(window.host, {
    command: { kind: 'line', line: suggestion.line },
    shell: defaultShell(window.host.environment, settings.shell),
    cwd: suggestion.cwd,
    ...(isInteractive ? { terminal: DEFAULT_SIZE } : {}),
    ...(settings.lineBuffering && !isInteractive
      ? { wrapper: lineBufferingWrapper(window.host.environment) }
      : {}),
    ...(suggestion.title === undefined ? {} : { title: suggestion.title }),
    environment: {
      // What the task itself starts with `holdfast run` belongs to the same session.
      ...(session === undefined ? {} : { HOLDFAST_SESSION: session }),
      ...suggestion.environment,
    },
    ...(session === undefined ? {} : { session }),
    policy: policyOf(settings),
    retention: retentionOf(settings),
  });
  await noteTaskInSession(window, task);
  window.feed.refresh();
  if (isInteractive) window.terminals.attach(task);
  else window.channels.show(task.id);
  return task.id;
}

async function suggestionFor(
  argument: unknown,
  folder: string,
  ask: () => Promise<CommandSuggestion | undefined>,
): Promise<CommandSuggestion | undefined> {
  // A button in a view's title calls with whatever is selected there.
  const isRequest = typeof argument === 'object' && argument !== null && 'command' in argument;
  if (!isRequest || 'status' in argument) return ask();
  const request = v.safeParse(requestSchema, argument);
  if (!request.success) {
    throw new HoldfastError('input.invalid', `cannot run this: ${v.summarize(request.issues)}`);
  }
  const { command, cwd, title, env } = request.output;
  return {
    line: command,
    cwd: path.resolve(folder, cwd ?? '.'),
    ...(title === undefined ? {} : { title }),
    ...(env === undefined ? {} : { environment: env }),
  };
}
