import * as vscode from 'vscode';
import type { CommandScope } from '../commands/commandScope.ts';

export const TRANSCRIPT_SCHEME = 'holdfast-transcript';

/** Fires for documents whose text is another now. */
export const transcriptChanges = new vscode.EventEmitter<vscode.Uri>();

/** Early, since documents that were open come back with the window; their text is loaded when it is asked for. */
export function registerTranscripts({ open }: CommandScope): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(TRANSCRIPT_SCHEME, {
    onDidChange: transcriptChanges.event,
    provideTextDocumentContent: async ({ query }) => {
      const sessions = await open().sessions.open();
      const { transcriptsOf } = await import('./transcripts.ts');
      return transcriptsOf(sessions).textOf(query);
    },
  });
}
