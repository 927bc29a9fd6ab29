import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { claudeProgram, claudeVersions } from '../../../../scripts/claudeCode/provision.mjs';
import { HOME_MARK, listHomeProcesses } from '../../../support/homeProcesses.ts';
import { startMessagesApi, type MessagesApi } from '../../../support/messagesApi.ts';
import { tempDir } from '../../../support/tempDir.ts';
import { waitFor } from '../../../support/waitFor.ts';
import {
  commandLine,
  untilEnded,
  type CommandLine,
  type Ended,
} from '../../cli/support/commandLine.ts';

export { claudeVersions };

/** A real Claude Code with settings of its own, in a folder of its own, against a stand-in for its service. */
export interface Claude {
  readonly cli: CommandLine;
  readonly api: MessagesApi;
  readonly configDirectory: string;
  readonly folder: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** `holdfast claude protect` for the folder, and its MCP tools allowed. */
  protect(): Promise<void>;
  /** One run with a prompt, to its end. */
  prompt(lines: readonly string[], args?: readonly string[]): Promise<Ended>;
  spawn(args: readonly string[]): ChildProcessWithoutNullStreams;
  /** Until a command of its tools runs. */
  untilCommand(words: string): Promise<void>;
}

/** Undefined, and the test skipped, where this version cannot be had; on a build machine that is a failure. */
export async function startClaude(
  test: TestContext,
  version: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Claude | undefined> {
  const program = claudeProgram(version);
  if (program === undefined || !existsSync(program)) {
    const reason = `Claude Code ${version} is not installed (npm run test installs it)`;
    if (process.env['CI'] !== undefined) throw new Error(reason);
    process.stderr.write(`Not tested: ${reason}.\n`);
    test.skip(reason);
    return undefined;
  }
  const cli = await commandLine(test);
  const api = await startMessagesApi(test);
  const configDirectory = await tempDir(test, 'holdfast-claude-');
  const folder = cli.workspace;
  const env = { ...environmentOf({ cli, api, configDirectory }), ...variables };
  answerFirstQuestions(configDirectory, folder, env);
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(program, args, { cwd: folder, env });
  return {
    cli,
    api,
    configDirectory,
    folder,
    program,
    env,
    protect: async () => {
      await cli.json(['claude', 'protect', '--yes'], { env });
    },
    prompt: (lines, args = []) => untilEnded(start(['-p', lines.join('\n'), ...args])),
    spawn: start,
    untilCommand: async (words) => {
      const isRunning = (): boolean =>
        listHomeProcesses(cli.home).some(({ pid }) => commandLineOf(pid) === words);
      await waitFor(isRunning, { describe: words, deadlineMs: 120_000 });
    },
  };
}

/** What Claude Code asks at the first start in a new configuration and in a new folder. */
function answerFirstQuestions(
  configDirectory: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): void {
  const answers = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [env['ANTHROPIC_API_KEY']], rejected: [] },
    projects: { [folder]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  writeFileSync(path.join(configDirectory, '.claude.json'), JSON.stringify(answers));
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function environmentOf({
  cli,
  api,
  configDirectory,
}: Pick<Claude, 'cli' | 'api' | 'configDirectory'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: configDirectory,
    HOLDFAST_HOME: cli.home,
    [HOME_MARK]: cli.home,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'anything',
    CLAUDE_CONFIG_DIR: configDirectory,
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
}

/** A line of a prompt that makes the stand-in call a tool. */
export function call(tool: string, input: object): string {
  return `@@${tool} ${JSON.stringify(input)}`;
}

/** Settings that let Bash do everything, beside what is in the folder's settings. */
export const allowBash = ['--allowedTools', 'Bash,mcp__holdfast'] as const;

/** Puts settings where Claude Code reads them for this folder. */
export function writeLocalSettings(claude: Claude, text: string): string {
  const directory = path.join(claude.folder, '.claude');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'settings.local.json');
  writeFileSync(file, text);
  return file;
}
