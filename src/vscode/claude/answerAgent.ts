import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  answerQuestion,
  choicesIn,
  type AgentChoice,
  type PersonsAnswer,
} from '../../core/agents/claude-code/background/answerQuestion.ts';
import {
  openQuestions,
  type AgentQuestion,
} from '../../core/agents/claude-code/background/questions.ts';
import { taskLabel } from '../../core/tasks/describeTask.ts';
import type { TaskSnapshot } from '../../core/tasks/types.ts';
import type { CommandScope, OpenedWindow } from '../commands/commandScope.ts';
import { requireFresh } from '../commands/requireFresh.ts';
import { taskIdsIn } from '../commands/taskArgument.ts';
import { requireTrust } from '../windowFolder.ts';
import type { WaitingQuestion } from './agentQuestions.ts';

const MAX_DETAIL_CHARACTERS = 3000;

/** What a button of a message, a keybinding or a test calls with, in place of being asked. */
const requestSchema = v.looseObject({
  task: v.string(),
  question: v.optional(v.string()),
  kind: v.optional(v.picklist(['once', 'always', 'deny'])),
  message: v.optional(v.string()),
  choices: v.optional(v.array(v.string())),
});

/** Answers what an agent waits for: the one that is named, else the one that the user picks. Says whether it counts. */
export async function answerAgent(
  scope: CommandScope,
  args: readonly unknown[],
): Promise<boolean | undefined> {
  const window = scope.open();
  requireTrust();
  const request = v.safeParse(requestSchema, args[0]);
  const meant = request.success
    ? questionOf(window, request.output.task, request.output.question)
    : await pickQuestion(window, taskIdsIn(args)[0]);
  if (meant === undefined) return undefined;
  const given = request.success ? givenIn(request.output) : undefined;
  const answer = given ?? (await askFor(meant));
  if (answer === undefined) return undefined;
  const expiryDays = scope.readSettings().approvalDays;
  const isFirst = answerQuestion(window.host, meant.task, {
    question: meant.question,
    answer,
    expiryDays,
  });
  if (!isFirst) void vscode.window.showInformationMessage('Somebody has answered it meanwhile.');
  window.feed.refresh();
  return isFirst;
}

function givenIn(request: v.InferOutput<typeof requestSchema>): PersonsAnswer | undefined {
  const { kind, message, choices } = request;
  if (kind === undefined && choices === undefined) return undefined;
  return {
    kind: kind ?? 'once',
    ...(message === undefined ? {} : { message }),
    ...(choices === undefined ? {} : { choices }),
  };
}

function questionOf(
  window: OpenedWindow,
  id: string,
  questionId: string | undefined,
): WaitingQuestion | undefined {
  const task = requireFresh(window, id);
  const open = openQuestions(task);
  const question = questionId === undefined ? open[0] : open.find((each) => each.id === questionId);
  if (question !== undefined) return { task, question };
  void vscode.window.showInformationMessage(`${task.id} does not wait for this any more.`);
  return undefined;
}

async function pickQuestion(
  window: OpenedWindow,
  id: string | undefined,
): Promise<WaitingQuestion | undefined> {
  if (id !== undefined) return questionOf(window, id, undefined);
  window.questions.refresh();
  const { waiting } = window.questions;
  if (waiting.length < 2) {
    if (waiting.length === 0) {
      void vscode.window.showInformationMessage('Claude waits for nothing.');
    }
    return waiting[0];
  }
  const items = waiting.map((each) => ({
    label: each.question.about,
    description: taskLabel(each.task, 60),
    each,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Answer which question?' }))?.each;
}

async function askFor({ task, question }: WaitingQuestion): Promise<PersonsAnswer | undefined> {
  const choices = choicesIn(question);
  if (choices.length === 0) return askForPermission(task, question);
  const chosen: string[] = [];
  for (const choice of choices) {
    const label = await choose(choice);
    if (label === undefined) return undefined;
    chosen.push(label);
  }
  return { kind: 'once', choices: chosen };
}

async function askForPermission(
  task: TaskSnapshot,
  question: AgentQuestion,
): Promise<PersonsAnswer | undefined> {
  const once = 'Allow Once';
  const always = 'Always Allow';
  const deny = 'Deny';
  const explain = 'Deny and Say Why…';
  const buttons = [once, ...(question.offers.length > 0 ? [always] : []), deny, explain];
  const chosen = await vscode.window.showWarningMessage(
    `Claude (${task.id}) wants to use ${question.tool}`,
    { modal: true, detail: detailOf(question) },
    ...buttons,
  );
  if (chosen === once) return { kind: 'once' };
  if (chosen === always) return { kind: 'always' };
  if (chosen === deny) return { kind: 'deny' };
  if (chosen !== explain) return undefined;
  const message = await vscode.window.showInputBox({
    title: 'Say why, or what to do instead',
    ignoreFocusOut: true,
  });
  return message === undefined ? undefined : { kind: 'deny', message };
}

function detailOf({ input, reason, offers }: AgentQuestion): string {
  const facts = Object.entries(input).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name}: ${text}`;
  });
  const text = facts.join('\n');
  const cut =
    text.length > MAX_DETAIL_CHARACTERS ? `${text.slice(0, MAX_DETAIL_CHARACTERS)}\n…` : text;
  return [
    cut,
    reason === undefined ? undefined : `Asked because: ${reason}`,
    offers.length === 0 ? undefined : `“Always Allow” keeps: ${offers.join(', ')}`,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

async function choose(choice: AgentChoice): Promise<string | undefined> {
  const other = 'Something else…';
  const items: vscode.QuickPickItem[] = choice.options.map(({ label, description }) => ({
    label,
    ...(description === undefined ? {} : { detail: description }),
  }));
  items.push({ label: other });
  const options = { title: choice.question, ignoreFocusOut: true };
  const picked = choice.isMultiple
    ? await vscode.window.showQuickPick(items, { ...options, canPickMany: true })
    : [await vscode.window.showQuickPick(items, options)];
  const labels = picked?.flatMap((item) => item?.label ?? []) ?? [];
  if (labels.length === 0) return undefined;
  if (!labels.includes(other)) return labels.join(', ');
  return vscode.window.showInputBox(options);
}
