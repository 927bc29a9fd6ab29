import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { waitFor } from '../../../support/waitFor.ts';
import { allowBash, call, startClaude, type Claude } from './claude.ts';
import { task, untilFirstOutput, untilSettled } from './tasks.ts';
import { CTRL_C, startInTerminal, type ClaudeInTerminal } from './terminal.ts';

const COMMAND = 'echo first; while :; do sleep 0.2; echo more; done';
const START = call('Bash', { command: COMMAND, run_in_background: true });

/** How Claude Code may end in a terminal. */
const exits: Readonly<Record<string, (claude: ClaudeInTerminal) => Promise<void> | void>> = {
  '/exit': async (claude) => {
    await claude.ask('/exit');
    await exitAnyway(claude);
  },
  'Ctrl+C twice': async (claude) => {
    claude.type(CTRL_C);
    await waitFor(() => /again|Backgroundwork/i.test(claude.text().slice(-2000)));
    claude.type(CTRL_C);
    await exitAnyway(claude);
  },
  SIGTERM: (claude) => {
    claude.kill('SIGTERM');
  },
  SIGHUP: (claude) => {
    claude.kill('SIGHUP');
  },
  SIGINT: (claude) => {
    claude.kill('SIGINT');
  },
  SIGKILL: (claude) => {
    claude.kill('SIGKILL');
  },
  'a closed terminal': (claude) => {
    claude.close();
  },
};

/** Some versions ask first, with leaving as the first choice. */
async function exitAnyway(claude: ClaudeInTerminal): Promise<void> {
  const asked = (): boolean => /Backgroundworkisrunning/.test(claude.text());
  await waitFor(() => asked() || claude.hasEnded());
  if (!claude.hasEnded()) claude.type('\r');
}

/** A task that was started by a Claude Code of this version survives each way in which that can end. */
export function testExits(version: string): void {
  void describe(
    `a background command of Claude Code ${version} goes on after`,
    { concurrency: 3 },
    () => {
      for (const [name, end] of Object.entries(exits)) {
        test(name, async (t) => {
          const claude = await protectedClaude(t, version);
          if (claude === undefined) return;
          const terminal = await startInTerminal(t, claude, allowBash);
          await terminal.ask(START);
          await untilFirstOutput(claude);
          await untilDone(claude);
          await end(terminal);
          await terminal.untilEnded();
          await expectToGoOn(claude, { isStandInLeft: name === 'SIGKILL' });
        });
      }
      test('SIGTERM in the middle of a prompt (-p)', async (t) => {
        const claude = await protectedClaude(t, version);
        if (claude === undefined) return;
        const wait = call('Bash', { command: 'sleep 60' });
        const child = claude.spawn(['-p', `${START}\n${wait}`, ...allowBash]);
        child.stdin.end();
        await untilFirstOutput(claude);
        child.kill('SIGTERM');
        await waitFor(() => child.exitCode !== null || child.signalCode !== null);
        await expectToGoOn(claude, { isStandInLeft: false });
      });
    },
  );
}

async function protectedClaude(t: TestContext, version: string): Promise<Claude | undefined> {
  const claude = await startClaude(t, version);
  await claude?.protect();
  return claude;
}

/** The stand-in has said its last word. */
async function untilDone({ api }: Claude): Promise<void> {
  await waitFor(() => api.requests.length >= 2, { describe: () => api.textSince(0) });
}

async function expectToGoOn(
  claude: Claude,
  { isStandInLeft }: { readonly isStandInLeft: boolean },
): Promise<void> {
  // What was killed by force leaves the process that passes the output on, which ends with the task.
  if (!isStandInLeft) await untilSettled(claude);
  const { status, outputBytes } = await task(claude);
  assert.equal(status, 'running');
  await waitFor(async () => (await task(claude)).outputBytes > outputBytes);
  const killed = await claude.cli.json(['kill', 'bash_1']);
  assert.ok(killed);
  await untilSettled(claude);
}
