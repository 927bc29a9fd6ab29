import * as vscode from 'vscode';

/**
 * Resolves once the window itself has answered. An extension host whose browser has crashed or whose network is down
 * lives on for hours and shows nothing to anybody; it must not take a message from the window that the user looks at.
 */
export async function untilWorkbenchAnswers(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'holdfast.askedAtMs', Date.now());
}
