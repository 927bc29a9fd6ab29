import * as vscode from 'vscode';
import type { Judgement } from '../../core/agents/conversation/permissionGate.ts';
import { unifiedDiff } from '../../core/agents/files/unifiedDiff.ts';
import { ALLOW_COMMAND } from './toolNames.ts';

const MAX_LINES = 40;
const MAX_CHARS = 4000;

const titles: Readonly<Record<string, string>> = {
  bash: 'Run this command?',
  kill_bash: 'End these tasks?',
  restart_bash: 'Run this command again?',
  send_bash: 'Type into this terminal?',
  read: 'Read this file?',
  write: 'Write this file?',
  edit: 'Change this file?',
  glob: 'Look for files there?',
  grep: 'Search there?',
};

/** What the editor asks the user: what is to be done, why it is asked, and what could be allowed from now on. */
export function confirmationFor(
  name: string,
  input: object,
  judgement: Judgement,
  key: string,
): vscode.LanguageModelToolConfirmationMessages {
  const message = new vscode.MarkdownString(undefined, true);
  message.isTrusted = { enabledCommands: [ALLOW_COMMAND] };
  appendSubject(message, name, input, judgement);
  message.appendMarkdown(`\n\nAsked because ${plainReason(judgement)}.`);
  if (judgement.offers.length > 0) {
    const rules = judgement.offers.map((rule) => `\`${rule.replaceAll('`', "'")}\``).join(', ');
    const link = (kind: 'session' | 'always', label: string): string =>
      `[${label}](command:${ALLOW_COMMAND}?${encodeURIComponent(JSON.stringify([key, kind]))})`;
    message.appendMarkdown(`\n\nAllow ${rules} from now on:`);
    message.appendMarkdown(
      `\n\n**${link('session', '$(shield) In this session')}** · **${link('always', '$(shield) Always in this folder')}**`,
    );
  }
  return { title: titles[name] ?? 'Do this?', message };
}

/** Asks in a dialog of its own, where the editor does not ask; says whether the user agrees. */
export async function askInDialog(name: string, judgement: Judgement): Promise<boolean> {
  const allow = 'Allow Once';
  const { directory, summary } = judgement;
  const subject = directory === undefined ? summary : `In ${directory}:\n\n${summary}`;
  const detail = `${subject}\n\nAsked each time because ${judgement.reason}.`;
  const answer = await vscode.window.showWarningMessage(
    `An agent asks: ${(titles[name] ?? 'Do this?').toLowerCase()}`,
    { modal: true, detail },
    allow,
  );
  return answer === allow;
}

/** Commands in it are of the model's choosing. */
function plainReason({ reason }: Judgement): string {
  return reason
    .replaceAll(/[\\*_{}[\]<>()#+!|~$-]/g, '\\$&')
    .replaceAll('`', '“')
    .replaceAll(/“([^“]*)“/g, '“$1”');
}

function appendSubject(
  message: vscode.MarkdownString,
  name: string,
  input: object,
  { summary, directory }: Judgement,
): void {
  const text = (field: string): string | undefined => {
    const value: unknown = Reflect.get(input, field);
    return typeof value === 'string' ? value : undefined;
  };
  switch (name) {
    case 'bash':
    case 'restart_bash':
      if (directory !== undefined) message.appendText(`In ${directory}:`);
      // All of it: what is not shown is not agreed to.
      message.appendCodeblock(summary, 'sh');
      break;
    case 'kill_bash':
    case 'send_bash':
      message.appendCodeblock(summary, 'text');
      break;
    case 'write':
      message.appendText(summary);
      message.appendCodeblock(clip(text('content') ?? ''));
      break;
    case 'edit':
      message.appendText(summary);
      message.appendCodeblock(
        clip(unifiedDiff(text('old_string') ?? '', text('new_string') ?? '')),
        'diff',
      );
      break;
    default:
      message.appendText(summary);
  }
}

function clip(text: string): string {
  const lines = text.slice(0, MAX_CHARS).split('\n');
  const isWhole = lines.length <= MAX_LINES && text.length <= MAX_CHARS;
  if (isWhole) return text;
  const shown = lines.slice(0, MAX_LINES).join('\n');
  return `${shown}\n… ${text.length - shown.length} more characters`;
}
