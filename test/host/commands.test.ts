import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../support/waitFor.ts';
import { slashCommands } from '../../src/vscode/chat/slashCommands.ts';
import { begin, removeAllSessions, write } from './support/sessions.ts';
import {
  killAllTasks,
  openFolder,
  readTaskOf,
  runCommand,
  untilOver,
  windowWorkspace,
} from './support/tasks.ts';

function execute(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...args);
}

function logOf(id: string): string {
  return readFileSync(path.join(readTaskOf(id).directory, 'output.log'), 'utf8');
}

/** The ordinary command for each of `@holdfast /…`, since a chat answers only where there is a model. */
const ordinaryCommands: Readonly<Record<string, string>> = {
  new: 'holdfast.sessions.new',
  continue: 'holdfast.sessions.continue',
  resume: 'holdfast.sessions.resume',
  branch: 'holdfast.sessions.branch',
  bashes: 'holdfast.tasks.list',
  output: 'holdfast.tasks.showOutput',
  kill: 'holdfast.tasks.kill',
  files: 'holdfast.sessions.showFiles',
  permissions: 'holdfast.permissions.show',
  notes: 'holdfast.sessions.showNotes',
  sessions: 'holdfast.sessions.search',
};

interface Manifest {
  readonly contributes: {
    readonly chatParticipants: readonly {
      readonly commands: readonly { readonly name: string }[];
    }[];
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string }[] };
  };
}

describe('the slash commands of the chat', () => {
  const manifest = (): Manifest => {
    const extension = vscode.extensions.getExtension('holdfast.holdfast');
    assert.ok(extension);
    return extension.packageJSON as Manifest;
  };

  afterEach(async () => {
    await execute('workbench.action.closeAllEditors');
    await killAllTasks();
    await removeAllSessions();
  });

  it('are all there, and each is an ordinary command of the palette', async () => {
    const { chatParticipants, commands, menus } = manifest().contributes;
    const names = chatParticipants.flatMap((participant) => participant.commands);
    const wanted = Object.keys(ordinaryCommands).sort();
    assert.deepEqual(names.map(({ name }) => name).sort(), wanted);
    assert.deepEqual(Object.keys(slashCommands).sort(), wanted);
    const registered = await vscode.commands.getCommands(true);
    const conditional = menus.commandPalette.map(({ command }) => command);
    for (const command of Object.values(ordinaryCommands)) {
      const entry = commands.find((each) => each.command === command);
      assert.ok(entry !== undefined && entry.enablement === undefined, command);
      assert.ok(!conditional.includes(command) && registered.includes(command), command);
    }
  });

  it('show as commands what the session knows', async () => {
    const session = await begin({ title: 'About crocodiles' });
    write(
      session,
      { type: 'note', text: 'The crocodile sleeps' },
      { type: 'file', path: path.join(openFolder(), 'pond.txt'), how: 'created' },
    );
    const untilShown = async (pattern: RegExp): Promise<void> => {
      const text = (): string =>
        vscode.workspace.textDocuments
          .filter(({ uri }) => uri.scheme === 'holdfast-session')
          .map((document) => document.getText())
          .join('\n');
      await waitFor(() => pattern.test(text()), {
        describe: () => `${pattern.source} in ${text()}`,
      });
    };
    assert.equal(await execute('holdfast.sessions.showNotes'), session);
    await untilShown(/# About crocodiles\n\n- The crocodile sleeps/);
    assert.equal(await execute('holdfast.sessions.showFiles', session), session);
    await untilShown(/- \[pond\.txt\]\(file:.*pond\.txt\) created, missing now/);
  });
});

describe('the commands for background tasks', () => {
  afterEach(killAllTasks);

  it('run a command in the workspace folder, and give its id', async () => {
    const id = await runCommand('pwd');
    assert.match(id, /^bash_\d+$/);
    const task = await untilOver(id);
    assert.equal(task.exitCode, 0);
    assert.equal(logOf(id), `${readTaskOf(id).cwd}\n`);
    assert.equal(task.cwd, openFolder());
  });

  it('run with a directory, a name and variables of the caller', async () => {
    const id = await runCommand('echo "$GREETING from $PWD"', {
      cwd: '..',
      title: 'greeter',
      env: { GREETING: 'hello' },
    });
    const task = await untilOver(id);
    assert.equal(task.title, 'greeter');
    assert.equal(logOf(id), `hello from ${path.dirname(openFolder())}\n`);
  });

  it('keep the extension host’s own variables from the command', async () => {
    const id = await runCommand('env');
    await untilOver(id);
    assert.doesNotMatch(logOf(id), /^(VSCODE_|ELECTRON_)/m);
  });

  it('give nothing, and start nothing, for a request that makes no sense', async () => {
    assert.equal(await execute('holdfast.tasks.run', { command: '  ' }), undefined);
    assert.equal(await execute('holdfast.tasks.run', { command: 7 }), undefined);
    assert.equal(
      await execute('holdfast.tasks.run', { command: 'true', cwd: './gone' }),
      undefined,
    );
  });

  it('kill by id, by number, and by what a tree has selected', async () => {
    const [one, two, three] = [
      await runCommand('sleep 600'),
      await runCommand('sleep 600'),
      await runCommand('sleep 600'),
    ];
    assert.deepEqual(await execute('holdfast.tasks.kill', one), [{ id: one, status: 'killed' }]);
    await execute('holdfast.tasks.kill', Number(two.replace('bash_', '')));
    assert.equal(readTaskOf(two).status, 'killed');
    await execute('holdfast.tasks.kill', { id: three }, [{ id: three }]);
    assert.equal(readTaskOf(three).status, 'killed');
  });

  it('restart under the same id, and keep the earlier output', async () => {
    const id = await runCommand('echo run; exit 3');
    await untilOver(id);
    await execute('holdfast.tasks.restart', id);
    const task = await waitFor(() => {
      const now = readTaskOf(id);
      return now.attempt === 2 && now.status !== 'running' && now;
    });
    assert.equal(task.exitCode, 3);
    assert.equal(logOf(id), 'run\nrun\n');
  });

  it('copy the output as plain text', async () => {
    const id = await runCommand(String.raw`printf '\033[31mred\033[0m\n 10%%\r100%%\n'`);
    await untilOver(id);
    await vscode.env.clipboard.writeText('');
    await execute('holdfast.tasks.copyOutput', id);
    const text = await vscode.env.clipboard.readText();
    // A browser without the permission gives nobody the clipboard's text.
    if (text !== '') assert.equal(text, 'red\n100%\n');
  });

  it('show the output in a channel named after the task', async () => {
    const id = await runCommand('echo to be seen');
    await untilOver(id);
    await execute('holdfast.tasks.showOutput', id);
    await waitFor(
      () =>
        vscode.workspace.textDocuments.some(
          (document) =>
            document.uri.scheme === 'output' && document.getText().includes('to be seen'),
        ),
      { describe: 'the output channel' },
    );
  });

  it('open the log as a file', async () => {
    const id = await runCommand('echo in the log');
    await untilOver(id);
    await execute('holdfast.tasks.openLog', id);
    const editor = await waitFor(() => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.fsPath, path.join(readTaskOf(id).directory, 'output.log'));
    await execute('workbench.action.closeAllEditors');
  });

  it('rename, and take the name away again', async () => {
    const id = await runCommand('sleep 600');
    await execute('holdfast.tasks.rename', id, '  dev   server ');
    assert.equal(readTaskOf(id).title, 'dev server');
    await execute('holdfast.tasks.rename', id, '');
    assert.equal(readTaskOf(id).title ?? '', '');
  });

  it('remove finished tasks only', async () => {
    const over = await runCommand('true');
    const running = await runCommand('sleep 600');
    await untilOver(over);
    assert.deepEqual(await execute('holdfast.tasks.remove', over), [over]);
    assert.throws(() => readTaskOf(over), { code: 'task.notFound' });
    assert.equal(await execute('holdfast.tasks.remove', running), undefined);
    assert.equal(readTaskOf(running).status, 'running');
  });

  it('remove all finished tasks at once', async () => {
    const over = await runCommand('true');
    const running = await runCommand('sleep 600');
    await untilOver(over);
    await waitFor(async () => {
      const removed = await execute('holdfast.tasks.removeFinished', { confirm: false });
      return (removed as string[]).includes(over);
    });
    assert.throws(() => readTaskOf(over), { code: 'task.notFound' });
    assert.equal(readTaskOf(running).status, 'running');
  });

  it('prune nothing that is young', async () => {
    await untilOver(await runCommand('true'));
    assert.deepEqual(await execute('holdfast.tasks.pruneNow'), []);
  });

  it('take a lease that says this window wants its tasks to live', () => {
    const leases = readdirSync(path.join(windowWorkspace().directory, 'leases'));
    assert.ok(leases.some((name) => name.startsWith(`${process.pid}.`)));
  });

  it('put a launcher for the command line into the home', () => {
    const launcher = path.join(windowWorkspace().home, 'bin', 'holdfast');
    assert.match(readFileSync(launcher, 'utf8'), /cli\.cjs/);
  });

  it('remember what the window has shown', async () => {
    const id = await runCommand('true');
    await untilOver(id);
    const file = path.join(windowWorkspace().directory, 'seen.json');
    await waitFor(
      () => {
        const { tasks } = JSON.parse(readFileSync(file, 'utf8')) as {
          tasks: Record<string, { status: string }>;
        };
        return tasks[id]?.status === 'completed';
      },
      { describe: 'seen.json to say so' },
    );
  });
});
