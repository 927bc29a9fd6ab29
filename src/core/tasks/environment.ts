import type { EnvironmentRecord } from './records.ts';

/** Marks every process of a task, so that those which left its process tree are found again. */
export const COOKIE_VARIABLE = 'HOLDFAST_TASK';

/** Variables of the editor's own processes: a command that inherits them behaves as if it were part of the editor. */
const EDITOR_VARIABLE = /^(ELECTRON_|VSCODE_|CHROME_DESKTOP$|ORIGINAL_XDG_CURRENT_DESKTOP$)/;
/** Variables that describe one process or one terminal, and are wrong for any other. */
const OWN_TO_A_PROCESS = new Set([
  '_',
  'OLDPWD',
  'PWD',
  'SHLVL',
  'HOLDFAST_TASK',
  'HOLDFAST_TASK_ID',
]);

const SECRET_NAME =
  /(^|_)(PASS|PASSWD|PASSWORD|PASSPHRASE|SECRETS?|TOKENS?|KEY|APIKEY|CREDENTIALS?|AUTH|AUTHORIZATION|COOKIE|BEARER|PAT|PRIVATE|SIGNATURE|DSN)(_|$)/i;
const NOT_SECRET_NAME = /(^SSH_AUTH_SOCK$|_(FILE|PATH|DIR|SOCK)$)/i;
const SECRET_VALUE = new RegExp(
  [
    String.raw`^(gh[opsur]_|github_pat_|glpat-|xox[abprs]-|sk-|sk_live_|rk_live_|npm_|AKIA|ASIA|AIza|ya29\.|hf_|dop_v1_)`,
    String.raw`^eyJ[\w-]+\.[\w-]+\.`, // JSON Web Token
    '-----BEGIN [A-Z ]*PRIVATE KEY',
    String.raw`://[^/\s:@]+:[^/\s@]+@`, // user and password in an address
  ].join('|'),
);

/** Whether a variable's value must never be written to disk. Rather one too many than one too few. */
export function looksSecret(name: string, value: string): boolean {
  return (SECRET_NAME.test(name) && !NOT_SECRET_NAME.test(name)) || SECRET_VALUE.test(value);
}

/** The starter's environment without what belongs to the editor or to the starting process itself. */
export function userEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || EDITOR_VARIABLE.test(name) || OWN_TO_A_PROCESS.has(name)) continue;
    if (isEditorsAskpass(name, value) || isDebuggerBootstrap(name, value)) continue;
    result[name] = value;
  }
  return result;
}

/** Splits an environment into what a restart may read from disk and the names of what it may not. */
export function recordEnvironment(environment: Record<string, string>): EnvironmentRecord {
  const set: Record<string, string> = {};
  const secretNames: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (looksSecret(name, value)) secretNames.push(name);
    else set[name] = value;
  }
  return { v: 1, set, secretNames };
}

/**
 * The environment for another run of a task: as recorded, with secrets from the environment of who restarts it.
 * `missing` names the secrets that are not to be had there.
 */
export function restoreEnvironment(
  record: EnvironmentRecord,
  current: NodeJS.ProcessEnv,
): { environment: Record<string, string>; missing: string[] } {
  const environment = { ...record.set };
  const missing: string[] = [];
  for (const name of record.secretNames) {
    const value = current[name];
    if (value === undefined) missing.push(name);
    else environment[name] = value;
  }
  return { environment, missing };
}

/** What the command really gets: the above, with our marks. */
export function commandEnvironment(
  environment: Record<string, string>,
  task: { cookie: string; id: string; cwd: string },
): Record<string, string> {
  return {
    // Python buffers what it prints into a file by the block; its first line would show minutes late.
    PYTHONUNBUFFERED: '1',
    ...environment,
    PWD: task.cwd,
    HOLDFAST_TASK_ID: task.id,
    [COOKIE_VARIABLE]: task.cookie,
  };
}

/** The editor's Git helper needs the `VSCODE_GIT_…` variables that we take away; without them it fails each push. */
function isEditorsAskpass(name: string, value: string): boolean {
  return (
    (name === 'GIT_ASKPASS' || name === 'SSH_ASKPASS') && /[\\/]extensions[\\/]git[\\/]/.test(value)
  );
}

function isDebuggerBootstrap(name: string, value: string): boolean {
  return name === 'NODE_OPTIONS' && /js-debug|bootloader\.js/.test(value);
}
