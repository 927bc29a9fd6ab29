import type { Command } from 'commander';
import { answerQuestion } from '../../core/agents/claude-code/background/answerQuestion.ts';
import {
  openQuestions,
  type AgentQuestion,
} from '../../core/agents/claude-code/background/questions.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import { findTask, listTasks } from '../../core/tasks/listTasks.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { addCommand } from '../program.ts';
import { writeJson, writeLine } from '../stdio.ts';

interface AnswerOptions extends CommonOptions {
  readonly allow?: boolean;
  readonly always?: boolean;
  readonly deny?: boolean | string;
  readonly choose?: string[];
  readonly question?: string;
}

export function defineAnswers(claude: Command): void {
  addCommand(claude, 'questions', {
    summary: 'list what Claude in the background waits for',
    example: 'holdfast claude questions --json',
  }).action(listQuestions);
  addCommand(claude, 'answer', {
    summary: 'answer what Claude in the background waits for; without an answer, show it',
    details:
      'The oldest question of the task is meant, unless --question names another. --always keeps a rule, which `holdfast permissions` lists, so that it is not asked again.',
    example: `holdfast claude answer bash_3 --allow
holdfast claude answer bash_3 --deny 'use pnpm'
holdfast claude answer bash_3 --choose 'PostgreSQL'`,
  })
    .argument('<task>', 'bash_3, or 3')
    .option('--allow', 'it may do this')
    .option('--always', 'it may do this from now on')
    .option('--deny [message]', 'it may not, and is told why')
    .option('--choose <answer...>', 'where it asks for choices: one for each, in their order')
    .option('--question <id>', 'which question (see `holdfast claude questions --json`)')
    .action(answer);
}

async function listQuestions(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const host = openHost(options);
  const { tasks } = listTasks(host.workspace, host.clock.now());
  const open = tasks.flatMap((task) =>
    openQuestions(task).map((question) => ({ task: task.id, question })),
  );
  if (options.json === true) {
    await writeJson(open.map(({ task, question }) => questionJson(task, question)));
    return;
  }
  for (const { task, question } of open) await writeLine(`${task}  ${question.about}`);
  if (open.length === 0) await writeLine('Claude waits for nothing.');
}

async function answer(given: string, _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<AnswerOptions>();
  const host = openHost(options);
  const task = findTask(host.workspace, given, host.clock.now());
  const question = requireQuestion(task, options.question);
  const { allow, always, deny, choose } = options;
  const said = [allow, always, deny, choose].filter((one) => one !== undefined).length;
  if (said > 1)
    throw new HoldfastError('input.invalid', 'say one of --allow, --always, --deny, --choose');
  if (said === 0) {
    await show(task, question, options);
    return;
  }
  const kind = deny !== undefined ? 'deny' : always === true ? 'always' : 'once';
  const isFirst = answerQuestion(host, task, {
    question,
    answer: {
      kind,
      ...(typeof deny === 'string' ? { message: deny } : {}),
      ...(choose === undefined ? {} : { choices: choose }),
    },
  });
  if (!isFirst) throw new HoldfastError('input.invalid', 'somebody else has answered it meanwhile');
  if (options.json === true)
    await writeJson({ task: task.id, question: question.id, answer: kind });
  else await writeLine(`${kind === 'deny' ? 'denied' : 'allowed'}: ${question.about}`);
}

function requireQuestion(task: TaskSnapshot, id: string | undefined): AgentQuestion {
  const open = openQuestions(task);
  const question = id === undefined ? open[0] : open.find((each) => each.id === id);
  if (question !== undefined) return question;
  throw new HoldfastError(
    'input.invalid',
    `${task.id} asks ${id === undefined ? 'nothing' : 'no such thing'} now`,
  );
}

async function show(
  task: TaskSnapshot,
  question: AgentQuestion,
  options: CommonOptions,
): Promise<void> {
  if (options.json === true) {
    await writeJson(questionJson(task.id, question));
    return;
  }
  await writeLine(`${task.id} wants: ${question.about}`);
  if (question.reason !== undefined) await writeLine(`  because: ${oneLine(question.reason)}`);
  await writeLine(`  ${oneLine(JSON.stringify(question.input), 2000)}`);
  if (question.offers.length > 0)
    await writeLine(`  --always keeps: ${question.offers.join(', ')}`);
}

function questionJson(task: string, question: AgentQuestion): object {
  const { id, askedAt, tool, input, about, reason, offers } = question;
  return { task, id, askedAt, tool, about, reason: reason ?? null, input, offers };
}
