import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { claudeProgram } from '../../scripts/claudeCode/provision.mjs';
import type { MessagesApi } from './messagesApi.ts';

/**
 * The environment of somebody who has this version of Claude Code: `claude` on the PATH, with settings of its own in
 * the directory, against the stand-in for its service. Undefined where it cannot be had; on a build machine that is a
 * failure.
 */
export function claudeOnPath(
  version: string,
  directory: string,
  api: MessagesApi,
): Record<string, string> | undefined {
  const program = claudeProgram(version);
  if (program === undefined || !existsSync(program)) {
    if (process.env['CI'] !== undefined) throw new Error(`Claude Code ${version} is missing`);
    process.stderr.write(`Not tested: Claude Code ${version} is not installed.\n`);
    return undefined;
  }
  // Where its installer puts it below a user's home, for editors that take their PATH from a login shell.
  const bin = path.join(directory, '.local', 'bin');
  mkdirSync(bin, { recursive: true });
  const launcher = path.join(bin, 'claude');
  // Newer versions have the service judge commands by default; the stand-in does not.
  writeFileSync(launcher, `#!/bin/sh\nexec '${program}' --permission-mode default "$@"\n`);
  chmodSync(launcher, 0o755);
  return {
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'anything',
    CLAUDE_CONFIG_DIR: directory,
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
}

/** What Claude Code asks at the first start in a new configuration and in a new folder. */
export function answerFirstQuestions(directory: string, folder: string): void {
  const answers = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: ['anything'], rejected: [] },
    projects: { [folder]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  writeFileSync(path.join(directory, '.claude.json'), JSON.stringify(answers));
}
