import type { Command } from 'commander';
import { defineAnswers } from '../claude/answerCommands.ts';
import { defineBackground } from '../claude/backgroundCommand.ts';
import { defineProtect } from '../claude/protectCommands.ts';
import { defineTranscripts } from '../claude/defineTranscripts.ts';
import { runClaude } from '../claude/runClaude.ts';
import { currentDirectory } from '../context.ts';
import { addCommand } from '../program.ts';

/** Commands of ours below `claude`; every other word is Claude Code's own. */
export function define(program: Command): void {
  const claude = addCommand(program, 'claude', {
    summary: 'make the background commands of Claude Code outlive it',
    details:
      'With arguments for Claude Code it runs `claude` with them, protected for this run only. "protect" protects every run, in any terminal and in its editor extension.',
    example: `holdfast claude protect
holdfast claude --continue
holdfast claude -p 'start the dev server'
holdfast claude background 'make the tests pass'`,
  });
  claude
    .argument('[args...]', 'what `claude` is given')
    .allowUnknownOption()
    .passThroughOptions()
    .enablePositionalOptions()
    .action(runHere);
  defineProtect(claude);
  defineTranscripts(claude);
  defineBackground(claude);
  defineAnswers(claude);
  defineRunAgent(claude);
}

/** What an agent's task runs; nothing for a person to type. */
function defineRunAgent(claude: Command): void {
  claude
    .command('run-agent', { hidden: true })
    .option('--workspace <dir>')
    .action(async (_options, command: Command) => {
      const { runAgent } = await import('../claude/runAgent.ts');
      await runAgent(command);
    });
}

async function runHere(args: string[]): Promise<void> {
  process.exitCode = await runClaude(args, currentDirectory());
}
