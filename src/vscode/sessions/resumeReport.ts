import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import type { ResumeSummary } from '../../core/sessions/resumeSession.ts';
import { lostTasks, resumeDocument, resumeSentence } from './resumeWords.ts';

const SCHEME = 'holdfast-session';
const MAX_REPORTS = 20;

/** Documents of this window that lie nowhere else, by name. */
const reports = new Map<string, string>();

const changes = new vscode.EventEmitter<vscode.Uri>();

/** Lets the editor show what resuming a session found. */
export function registerResumeReports(): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changes.event,
    provideTextDocumentContent: (uri) => reports.get(uri.query) ?? '',
  });
}

/** Says once what coming back to a session found; the details are a document that is opened on request. */
export function tellResumed(summary: ResumeSummary): void {
  const { sessionId } = summary;
  const report = resumeDocument(summary, new Date().toLocaleString('en-GB'));
  const lost = vscode.workspace.isTrusted ? lostTasks(summary) : [];
  const restart = lost.length === 1 ? `Restart ${lost[0] ?? ''}` : `Restart ${lost.length} Tasks`;
  const details = 'Show Details';
  const buttons = [...(lost.length > 0 ? [restart] : []), ...(summary.hasNews ? [details] : [])];
  const isBad = summary.branchedFrom !== undefined || lost.length > 0;
  const show = isBad
    ? vscode.window.showWarningMessage.bind(vscode.window)
    : vscode.window.showInformationMessage.bind(vscode.window);
  void show(resumeSentence(summary), ...buttons).then(async (answer) => {
    if (answer === details) {
      await showDocument('While you were away', `resumed ${sessionId}`, report);
    }
    if (answer === restart) await vscode.commands.executeCommand('holdfast.tasks.restart', lost);
  });
}

/** Opens a text as rendered Markdown; one of the same key takes the place of the one before. */
export async function showDocument(name: string, key: string, markdown: string): Promise<void> {
  reports.delete(key);
  reports.set(key, markdown);
  const [oldest] = reports.keys();
  if (reports.size > MAX_REPORTS && oldest !== undefined) reports.delete(oldest);
  const path = `/${name.replaceAll('/', '-')}.md`;
  const uri = vscode.Uri.from({ scheme: SCHEME, path, query: key });
  changes.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}
