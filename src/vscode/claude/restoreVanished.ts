import * as vscode from 'vscode';
import { listDamage, type Damage } from '../../core/agents/claude-code/transcripts/damage.ts';
import { restoreTranscript } from '../../core/agents/claude-code/transcripts/restoreTranscript.ts';
import { readVanished } from '../../core/agents/claude-code/transcripts/readVanished.ts';
import { oneLine } from '../../core/tasks/describeTask.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { guardHostOf } from './claudeGuard.ts';

interface DamageItem extends vscode.QuickPickItem {
  readonly damage: Damage;
}

const showIt: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('eye'),
  tooltip: 'Show what has vanished',
};

/** Shows what has vanished of Claude Code's transcripts, and puts back what the user chooses; gives their ids. */
export async function restoreVanished(scope: CommandScope): Promise<string[] | undefined> {
  const guard = guardHostOf(scope.open());
  const damage = listDamage(guard.home);
  if (damage.length === 0) {
    void vscode.window.showInformationMessage('Nothing of Claude Code’s sessions has vanished.');
    return [];
  }
  const chosen = await pick(damage.map(itemOf));
  const restored: string[] = [];
  for (const { mirror, generation } of chosen ?? []) {
    await restoreTranscript(guard, mirror, generation);
    restored.push(mirror.id);
  }
  const [id] = restored;
  if (id !== undefined) tellRestored(restored.length, id);
  return chosen && restored;
}

function itemOf(damage: Damage): DamageItem {
  const { kind, isRetention, atMs, vanished, mirror } = damage;
  const why = kind === 'deleted' && isRetention ? "deleted by Claude Code's clean-up" : kind;
  return {
    damage,
    label: oneLine(vanished.prompts[0] ?? mirror.id, 80),
    description: `${why} · ${vanished.messages} messages · ${new Date(atMs).toLocaleString()}`,
    buttons: [showIt],
  };
}

async function pick(items: readonly DamageItem[]): Promise<Damage[] | undefined> {
  const picker = vscode.window.createQuickPick<DamageItem>();
  picker.title = 'Restore Claude Code Sessions';
  picker.placeholder = 'What is there now is set aside';
  picker.canSelectMany = true;
  picker.items = items;
  const listeners = [
    picker.onDidTriggerItemButton(({ item }) => {
      void show(item.damage);
    }),
  ];
  try {
    return await new Promise<Damage[] | undefined>((resolve) => {
      listeners.push(
        picker.onDidAccept(() => {
          resolve(picker.selectedItems.map(({ damage }) => damage));
        }),
        picker.onDidHide(() => {
          resolve(undefined);
        }),
      );
      picker.show();
    });
  } finally {
    vscode.Disposable.from(...listeners, picker).dispose();
  }
}

async function show(damage: Damage): Promise<void> {
  const { text: content } = await readVanished(damage);
  const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
  await vscode.window.showTextDocument(document);
}

function tellRestored(number: number, id: string): void {
  const what = number === 1 ? 'The session is' : `${number} sessions are`;
  const buttons = number === 1 ? ['Go On with It'] : [];
  void vscode.window
    .showInformationMessage(`${what} back for \`claude --resume\`.`, ...buttons)
    .then((chosen) => {
      if (chosen !== undefined) void vscode.commands.executeCommand('holdfast.claude.resume', id);
    });
}
