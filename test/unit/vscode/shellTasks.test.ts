import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { earlierCommands } from '../../../src/vscode/commands/commandSuggestion.ts';
import { shellTasks } from '../../../src/vscode/commands/shellTasks.ts';

const variables = {
  folder: '/home/shop',
  homeDirectory: '/home/ada',
  environment: { PORT: '8080' },
  platform: 'linux',
  readSetting: (name: string) => (name === 'editor.tabSize' ? 4 : undefined),
} as const;

function linesOf(...tasks: readonly object[]): string[] {
  return shellTasks(tasks, variables).map(({ line }) => line);
}

describe('the shell tasks of tasks.json', () => {
  it('are offered with their name, directory and variables', () => {
    const task = {
      label: 'serve',
      type: 'shell',
      command: 'npm start',
      options: { cwd: '${workspaceFolder}/web', env: { URL: 'http://localhost:${env:PORT}' } },
    };
    assert.deepEqual(shellTasks([task], variables), [
      {
        line: 'npm start',
        cwd: '/home/shop/web',
        environment: { URL: 'http://localhost:8080' },
        title: 'serve',
        description: 'tasks.json',
      },
    ]);
  });

  it('run in the workspace folder, and relative to it', () => {
    const [plain, relative] = shellTasks(
      [
        { type: 'shell', command: 'ls' },
        { type: 'shell', command: 'ls', options: { cwd: 'web' } },
      ],
      variables,
    );
    assert.equal(plain?.cwd, '/home/shop');
    assert.equal(relative?.cwd, '/home/shop/web');
  });

  it('have their variables put in', () => {
    const line = (text: string): string[] => linesOf({ type: 'shell', command: text });
    assert.deepEqual(line('${workspaceFolderBasename} ${userHome} ${env:PORT} ${env:NONE}.'), [
      'shop /home/ada 8080 .',
    ]);
    assert.deepEqual(line('tab ${config:editor.tabSize} ${workspaceFolder:shop}'), [
      'tab 4 /home/shop',
    ]);
  });

  it('are left out when they ask something or depend on the open file', () => {
    const texts = ['${input:port}', '${file}', '${command:pick}', '${workspaceFolder:other}'];
    assert.deepEqual(linesOf(...texts.map((command) => ({ type: 'shell', command }))), []);
  });

  it('have their arguments quoted as the editor does', () => {
    const args = ['plain', 'two words', '$HOME', { value: "it's $HOME", quoting: 'strong' }];
    assert.deepEqual(linesOf({ type: 'shell', command: 'echo', args }), [
      String.raw`echo plain 'two words' $HOME 'it'\''s $HOME'`,
    ]);
    const more = [
      { value: 'a "b"', quoting: 'weak' },
      { value: 'c d', quoting: 'escape' },
    ];
    assert.deepEqual(linesOf({ type: 'shell', command: 'echo', args: more }), [
      String.raw`echo "a \"b\"" c\ d`,
    ]);
  });

  it('of type process get their arguments unchanged, whatever a shell would make of them', () => {
    assert.deepEqual(linesOf({ type: 'process', command: '/opt/my app', args: ['$HOME', '*'] }), [
      `'/opt/my app' '$HOME' '*'`,
    ]);
  });

  it('take what is meant for this system', () => {
    const task = {
      type: 'shell',
      command: 'make',
      linux: { command: 'gmake' },
      windows: { command: 'nmake' },
    };
    assert.deepEqual(linesOf(task), ['gmake']);
  });

  it('leave out tasks of other extensions, and what is no task', () => {
    const npm = { type: 'npm', script: 'dev' };
    assert.deepEqual(linesOf(npm, { type: 'shell' }, { type: 'shell', command: 7 }, []), []);
    assert.deepEqual(shellTasks(undefined, variables), []);
  });
});

describe('earlier commands', () => {
  it('come newest first, each once for each directory', () => {
    const task = (number: number, command: string, cwd = '/home') => ({ number, command, cwd });
    const tasks = [task(1, 'a'), task(2, 'b'), task(3, 'a'), task(4, 'a', '/else')];
    assert.deepEqual(
      earlierCommands(tasks).map(({ line, cwd }) => `${cwd}: ${line}`),
      ['/else: a', '/home: a', '/home: b'],
    );
  });
});
