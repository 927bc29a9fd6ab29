import { agentEnvironment } from '../../core/agents/claude-code/background/agentLaunch.ts';
import { installParts } from '../../core/agents/claude-code/installParts.ts';
import { argumentsForOneRun } from '../../core/agents/claude-code/oneRun.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { runInOurPlace } from '../../core/processes/runProgram.ts';
import { resolveHome } from '../../core/store/home.ts';
import { findScriptsDirectory } from '../context.ts';
import { launcherTarget } from './launcherTarget.ts';

/**
 * Runs `claude` in our place, in the current directory, protected for this run; gives its exit status.
 * @throws HoldfastError `claude.notInstalled`, `claude.settingsInvalid`, `file.unreadable`, `home.notWritable`.
 */
export async function runClaude(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const home = resolveHome(process.env);
  const env = agentEnvironment(process.env, { ...environment, HOLDFAST_HOME: home });
  const isWindows = process.platform === 'win32';
  if (!isWindows) installParts(home, findScriptsDirectory(), launcherTarget());
  const given = isWindows
    ? args
    : argumentsForOneRun({ home, folder, environment: env, args: [...args] });
  const code = await runInOurPlace('claude', given, env);
  if (code === undefined) throw new HoldfastError('claude.notInstalled', 'there is no `claude`');
  return code;
}
