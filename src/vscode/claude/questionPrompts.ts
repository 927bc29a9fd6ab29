import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import { oneLine, taskName } from '../../core/tasks/describeTask.ts';
import type { Log } from '../../core/common/log.ts';
import { untilWorkbenchAnswers } from '../workbench.ts';
import type { AgentQuestions, WaitingQuestion } from './agentQuestions.ts';

const ALLOW = 'Allow';
const DENY = 'Deny';
const DETAILS = 'Details…';
const CHOOSE = 'Answer…';

/** Asks the user what agents ask, each question once in a window; what is not answered waits in the view. */
export function registerQuestionPrompts(questions: AgentQuestions, log: Log): Disposable {
  const asked = new Set<string>();
  const askAll = (waiting: readonly WaitingQuestion[]): void => {
    for (const each of waiting) {
      const key = `${each.task.cookie}/${each.question.id}`;
      if (asked.has(key)) continue;
      asked.add(key);
      ask(each).catch((error: unknown) => {
        log.warn('question.notAsked', { error });
      });
    }
  };
  askAll(questions.waiting);
  return questions.onDidChange(askAll);
}

async function ask({ task, question }: WaitingQuestion): Promise<void> {
  await untilWorkbenchAnswers();
  const isChoice = question.tool === 'AskUserQuestion';
  const who = `Claude (${task.id}: ${oneLine(taskName(task), 40)})`;
  const message = isChoice
    ? `${who} has a question for you.`
    : `${who} asks for permission. ${oneLine(question.about, 160)}`;
  const buttons = isChoice ? [CHOOSE] : [ALLOW, DENY, DETAILS];
  const chosen = await vscode.window.showWarningMessage(message, ...buttons);
  if (chosen === undefined) return;
  const kind = chosen === ALLOW ? 'once' : chosen === DENY ? 'deny' : undefined;
  await vscode.commands.executeCommand('holdfast.claude.answer', {
    task: task.id,
    question: question.id,
    ...(kind === undefined ? {} : { kind }),
  });
}
