import type { Command } from 'commander';
import { resolveHome } from '../../core/store/home.ts';
import { chooseWorkspace, hostFor, type CommonOptions } from '../context.ts';
import type { Check } from '../doctor/check.ts';
import {
  checkHome,
  checkNode,
  checkPlatform,
  checkPunchMethod,
  checkScripts,
  checkSpace,
} from '../doctor/checkMachine.ts';
import { checkTasks } from '../doctor/checkTasks.ts';
import { EXIT_FAILED } from '../failure.ts';
import { addCommand } from '../program.ts';
import { writeJson, writeLine } from '../stdio.ts';

export function define(program: Command): void {
  addCommand(program, 'doctor', {
    summary: 'look for trouble, mend what can be mended, and say what to do about the rest',
    example: 'holdfast doctor',
  }).action(diagnose);
}

async function diagnose(options: CommonOptions): Promise<void> {
  const home = resolveHome(process.env);
  const host = hostFor(chooseWorkspace(home, options.workspace));
  const checks = [checkNode(), checkPlatform(), checkScripts(host)];
  const homeCheck = checkHome(home);
  checks.push(homeCheck);
  // The rest would only say again that the home cannot be used.
  if (homeCheck.status !== 'fail') {
    checks.push(checkSpace(home), await checkPunchMethod(home), ...(await checkTasks(host)));
  }
  const isWell = checks.every(({ status }) => status !== 'fail');
  if (!isWell) process.exitCode = EXIT_FAILED;
  if (options.json) await writeJson({ ok: isWell, checks });
  else for (const check of checks) await writeLine(describe(check));
}

function describe({ name, status, message, fix }: Check): string {
  const line = `${status.padEnd(5)} ${name.padEnd(10)} ${message}`;
  return fix === undefined ? line : `${line}\n${' '.repeat(17)}${fix}`;
}
