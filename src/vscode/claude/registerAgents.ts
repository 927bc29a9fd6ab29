import type { HoldfastWindow } from '../holdfastWindow.ts';
import type { Settings } from '../settings.ts';
import { logPersistence } from './agentPolicy.ts';
import { AgentQuestions } from './agentQuestions.ts';
import { registerQuestionPrompts } from './questionPrompts.ts';

/** What the window has for the workspace's agents: what they wait for, and messages that ask it. */
export function registerAgents(
  window: HoldfastWindow,
  readSettings: () => Settings,
): AgentQuestions {
  const { disposables, log } = window;
  const questions = disposables.add(new AgentQuestions(window));
  disposables.add(registerQuestionPrompts(questions, log));
  disposables.add(logPersistence(window, readSettings));
  return questions;
}
