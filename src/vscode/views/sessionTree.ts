import { existsSync, watch } from 'node:fs';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/common/disposables.ts';
import type { SessionWindow } from '../sessions/sessionWindow.ts';
import { SessionTreeProvider } from './sessionTreeProvider.ts';
import type { SessionNode } from './sessionNodes.ts';
import { SESSION_VIEW } from './sessionView.ts';
import { ViewRefresh } from './viewRefresh.ts';

/** "5 min ago" moves on, and approvals expire. */
const TICK_MS = 30_000;

/** Fills the view *Sessions* and keeps it up to date. */
export function registerSessionTree(sessions: SessionWindow): vscode.TreeView<SessionNode> {
  const { window, feed, current } = sessions;
  const disposables = window.disposables.add(new DisposableStore());
  const provider = disposables.add(new SessionTreeProvider(sessions));
  const view = disposables.add(
    vscode.window.createTreeView(SESSION_VIEW, { treeDataProvider: provider }),
  );
  const refresh = disposables.add(
    new ViewRefresh(() => {
      provider.refresh();
    }),
  );
  const request = (): void => {
    refresh.request('all');
  };
  const seen = (): void => {
    refresh.isPaused = !view.visible;
  };
  seen();
  disposables.add(view.onDidChangeVisibility(seen));
  disposables.add(feed.onDidChange(request));
  disposables.add(current.onDidChange(request));
  disposables.add(
    window.feed.onDidChange(({ added, removed, ended }) => {
      // Output alone changes nothing that the rows show.
      if (added.length + removed.length + ended.length > 0) request();
    }),
  );
  disposables.add(vscode.workspace.onDidSaveTextDocument(request));
  disposables.add(watchDirectory(window.host.workspace.directory, request));
  const ticks = setInterval(request, TICK_MS);
  disposables.add({
    dispose: () => {
      clearInterval(ticks);
    },
  });
  disposables.add(
    vscode.commands.registerCommand('holdfast.sessions.showMore', (list: unknown) => {
      if (typeof list === 'string') provider.showMore(list);
    }),
  );
  return view;
}

/** The workspace's approvals lie there. */
function watchDirectory(directory: string, onChange: () => void): Disposable {
  if (!existsSync(directory)) return { dispose: () => undefined };
  const watcher = watch(directory, { persistent: false }, (_event, name) => {
    if (name === 'permissions.jsonl') onChange();
  });
  watcher.on('error', () => {
    watcher.close();
  });
  return {
    dispose: () => {
      watcher.close();
    },
  };
}
