// What Holdfast adds to a foreground command of Claude Code, and how long its hooks take to answer.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shellLauncher } from '../../src/core/store/launcher.ts';
import { linkTask } from '../../src/core/agents/claude-code/claudeTasks.ts';
import { holdfastParts } from '../../src/core/agents/claude-code/holdfastParts.ts';
import { openBenchHost } from './support/benchHost.ts';
import { heading, median, row, skipped, target } from './support/report.ts';

const ROUNDS = 60;
const PREFIX_TARGET_MS = 15;
const HOOK_TARGET_MS = 60;
const sources = path.join(import.meta.dirname, '../../src/keeper');

/** As Claude Code writes it. */
const LINE =
  "source /nowhere/snapshot-bash-1.sh 2>/dev/null || true && eval 'true' < /dev/null && pwd -P >| /dev/null";
const SESSION = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a01';
const SESSION_WITH_TASK = '7d9f1a52-0f1e-4c3a-9b55-7f4f1d8f0a02';

const bench = openBenchHost();
const { home } = bench.host.workspace;
mkdirSync(path.join(home, 'bin'), { recursive: true });
const { prefix } = holdfastParts(home);
const hook = path.join(home, 'bin/claude-hook');
copyFileSync(path.join(sources, 'claude-prefix.sh'), prefix);
copyFileSync(path.join(sources, 'claude-hook.sh'), hook);

/** Of a production build: by the second one Claude Code is told of tasks. */
const dist = path.join(import.meta.dirname, '../../dist');
const hookBundle = path.join(dist, 'hook.cjs');

// A turn's end starts a process that nobody waits for; what that one does is not measured here.
const launcher = shellLauncher({
  nodeExecutable: process.execPath,
  cliScript: path.join(dist, 'cli.cjs'),
}).replace('\n', '\n[ "$2" != mirror ] || exit 0\n');
writeFileSync(path.join(home, 'bin/holdfast'), launcher, { mode: 0o755 });

function event(name: string, fields: object): string {
  return JSON.stringify({ session_id: SESSION, cwd: '/', hook_event_name: name, ...fields });
}

const bash = (input: object): string =>
  event('PreToolUse', { tool_name: 'Bash', tool_input: input, tool_use_id: 'toolu_1' });

const transcript = path.join(import.meta.dirname, '../fixtures/claude/transcript-2.1.330.jsonl');
const resumedEvent = { source: 'resume', transcript_path: transcript };

const environment = {
  ...process.env,
  HOLDFAST_HOME: home,
  SHELL: '/bin/bash',
  CLAUDE_CODE_SESSION_ID: SESSION,
};

function timeMs(program: string, args: readonly string[], input = '', cwd = '/'): number {
  const startMs = performance.now();
  spawnSync(program, args, { input, cwd, env: environment });
  return performance.now() - startMs;
}

const cases: Record<string, () => number> = {
  'bash alone': () => timeMs('/bin/bash', ['-c', LINE]),
  'through the prefix': () => timeMs(prefix, [LINE]),
  'hook: foreground command': () => timeMs(hook, ['PreToolUse'], bash({ command: 'true' })),
  'hook: command of 60 kB': () =>
    timeMs(hook, ['PreToolUse'], bash({ command: 'echo "x\n"; '.repeat(5000) })),
  'hook: start, nothing to tell': () =>
    timeMs(hook, ['SessionStart'], event('SessionStart', { source: 'startup' })),
  'hook: resumed, nothing to tell': () =>
    timeMs(hook, ['SessionStart'], event('SessionStart', resumedEvent)),
  'hook: end of a turn': () =>
    timeMs(hook, ['Stop'], event('Stop', { transcript_path: '/nowhere/transcript.jsonl' })),
};

if (existsSync(hookBundle)) {
  const task = await bench.start('echo hi; sleep 600');
  linkTask(home, SESSION_WITH_TASK, task, { claudeTask: 'b1', toolUse: 'toolu_1' });
  const { folder } = bench.host.workspace;
  const resumed = JSON.stringify({ session_id: SESSION_WITH_TASK, cwd: folder, ...resumedEvent });
  const told = spawnSync(hook, ['SessionStart'], { input: resumed, cwd: folder, env: environment });
  target(
    'who resumes is told of the task',
    told.stdout.toString().includes('bash_1 (your task b1) is running'),
  );
  cases['node alone'] = () => timeMs(process.execPath, ['-e', '0']);
  cases['hook: resumed, with a task'] = () => timeMs(hook, ['SessionStart'], resumed, folder);
} else {
  skipped('hook: resumed, with a task', 'there is no dist/hook.cjs; npm run build makes it');
}

heading('Claude Code: what Holdfast adds, ms (median of interleaved rounds)');
try {
  const samples = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) samples.get(name)?.push(run());
  }
  const ms = (name: string): number => median(samples.get(name) ?? []);
  for (const name of samples.keys()) row(name, { ms: ms(name) });
  const addedMs = ms('through the prefix') - ms('bash alone');
  row('added by the prefix', { ms: addedMs });
  target(`the prefix adds at most ${PREFIX_TARGET_MS} ms`, addedMs <= PREFIX_TARGET_MS);
  const hooks = [...samples.keys()].filter((name) => name.startsWith('hook'));
  target(
    `a hook answers within ${HOOK_TARGET_MS} ms`,
    hooks.every((name) => ms(name) <= HOOK_TARGET_MS),
  );
} finally {
  await bench.close();
}
