import * as vscode from 'vscode';
import type { Disposable } from '../../core/common/disposables.ts';
import { runningTasksOf, type SessionWindow } from './sessionWindow.ts';
import { counted, sessionName, whenText } from './sessionWords.ts';

const MAX_NAME_CHARS = 28;

/** Which session is current. Hidden in a workspace without sessions. */
export function registerSessionStatusBar(sessions: SessionWindow): Disposable {
  const { feed, current, window } = sessions;
  const item = vscode.window.createStatusBarItem('session', vscode.StatusBarAlignment.Left, 51);
  item.name = 'Holdfast Session';
  item.command = 'holdfast.sessions.resume';
  let shown = '';
  const update = (): void => {
    const text = describe(sessions);
    if (text === undefined) item.hide();
    else item.show();
    if (text === undefined || text.key === shown) return;
    shown = text.key;
    item.text = `$(history) ${text.label}`;
    item.tooltip = text.tooltip;
    item.accessibilityInformation = { label: text.spoken, role: 'button' };
  };
  const subscriptions = [
    feed.onDidChange(update),
    current.onDidChange(update),
    window.feed.onDidChange(({ added, ended }) => {
      if (added.length + ended.length > 0) update();
    }),
  ];
  update();
  return vscode.Disposable.from(item, ...subscriptions);
}

interface StatusText {
  readonly key: string;
  readonly label: string;
  readonly tooltip: string;
  readonly spoken: string;
}

function describe({ feed, current, window }: SessionWindow): StatusText | undefined {
  if (current.id === undefined) {
    if (feed.count === 0) return undefined;
    const tooltip = 'No session is current. Click to resume one.';
    return { key: 'none', label: 'No session', tooltip, spoken: 'No session is current' };
  }
  const session = feed.get(current.id);
  const named = session ?? { id: current.id, title: undefined, firstPrompt: undefined };
  const name = sessionName(named);
  const facts =
    session === undefined
      ? []
      : [
          `begun ${whenText(session.startMs, window.host.clock.now())}`,
          counted(runningTasksOf(window, session).length, 'running task'),
          counted(session.fileCount, 'file'),
        ];
  return {
    key: [name, ...facts].join(),
    label: sessionName(named, MAX_NAME_CHARS),
    tooltip: [`Current session: ${name}`, ...facts, '', 'Click to resume another one.'].join('\n'),
    spoken: `Current session ${name}`,
  };
}
