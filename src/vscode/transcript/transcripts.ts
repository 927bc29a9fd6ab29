import path from 'node:path';
import * as vscode from 'vscode';
import { History } from '../../core/agents/conversation/history.ts';
import { renderTranscript } from '../../core/agents/conversation/transcript/renderTranscript.ts';
import type { TranscriptOptions } from '../../core/agents/conversation/transcript/transcriptOptions.ts';
import type { Disposable } from '../../core/common/disposables.ts';
import { HoldfastError } from '../../core/common/errors.ts';
import { recordToMarkdown } from '../../core/sessions/recordToMarkdown.ts';
import { sessionFilesOf } from '../../core/sessions/sessionFiles.ts';
import { taskDirectoryAt } from '../../core/tasks/taskDirectory.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { TRANSCRIPT_SCHEME, transcriptChanges } from './registerTranscripts.ts';

/** Sessions as documents to read, which grow while somebody works in them. One for each window, and gone with it. */
export class Transcripts implements Disposable {
  readonly #sessions: SessionWindow;
  readonly #disposable: vscode.Disposable;
  /** Of the documents that are open, by session. */
  readonly #histories = new Map<string, History>();

  constructor(sessions: SessionWindow) {
    this.#sessions = sessions;
    const watching = sessions.feed.onDidChange(() => {
      this.#refresh();
    });
    this.#disposable = vscode.Disposable.from(
      watching,
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === TRANSCRIPT_SCHEME) this.#histories.delete(uri.query);
      }),
    );
  }

  /** Opens a session as rendered Markdown. @throws HoldfastError `session.notFound`, `file.unreadable`. */
  async show(id: string, name: string): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: TRANSCRIPT_SCHEME,
      path: `/${name.replaceAll('/', '-')}.md`,
      query: id,
    });
    this.#historyOf(id).refresh();
    transcriptChanges.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  /** The whole document. */
  textOf(id: string): string {
    const history = this.#historyOf(id);
    try {
      history.refresh();
      const record = recordToMarkdown(this.#sessions.store.record(id));
      const [title = '', ...facts] = record.split('\n\n');
      const about = `<details><summary>Tasks, files and permissions</summary>\n\n${facts.join('\n\n')}\n</details>`;
      const said = [...renderTranscript(history, this.#optionsFor(id))].join('');
      return `${title}\n\n${about}\n\n${said || '_Nothing was said yet._\n'}`;
    } catch (error) {
      if (!HoldfastError.is(error)) throw error;
      return `# ${id}\n\nThis session cannot be read: ${error.message}.\n`;
    }
  }

  dispose(): void {
    this.#disposable.dispose();
    this.#histories.clear();
  }

  #historyOf(id: string): History {
    const { workspace } = this.#sessions.window.host;
    const history = this.#histories.get(id) ?? new History(sessionFilesOf(workspace, id));
    this.#histories.set(id, history);
    return history;
  }

  #optionsFor(id: string): TranscriptOptions {
    const { current, window } = this.#sessions;
    return {
      linkTask: (task) => {
        const directory = window.feed.get(task)?.directory;
        return directory === undefined
          ? undefined
          : vscode.Uri.file(taskDirectoryAt(directory).output).toString();
      },
      linkFile: (file) =>
        vscode.Uri.file(path.resolve(window.host.workspace.folder, file)).toString(),
      isLive: current.id === id,
    };
  }

  #refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== TRANSCRIPT_SCHEME) continue;
      const history = this.#histories.get(uri.query);
      try {
        if (history?.refresh() === true) transcriptChanges.fire(uri);
      } catch (error) {
        // It was deleted; what is on the screen stays.
        if (!HoldfastError.is(error)) throw error;
      }
    }
  }
}

const windows = new WeakMap<SessionWindow, Transcripts>();

export function transcriptsOf(sessions: SessionWindow): Transcripts {
  const known = windows.get(sessions);
  if (known !== undefined) return known;
  const transcripts = sessions.window.disposables.add(new Transcripts(sessions));
  windows.set(sessions, transcripts);
  return transcripts;
}
