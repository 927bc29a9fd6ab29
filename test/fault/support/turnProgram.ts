// A turn of a conversation, with real tools and a model that says what is scripted here, in a process that ends itself
// with SIGKILL at its n-th call of the operating system.
//   node turnProgram.cjs SESSION N '{"home","folder","scriptsDirectory"}'
// Exits with 0 when the turn is over without reaching that call.
import { openConversation } from '../../../src/core/agents/conversation/conversation.ts';
import type { ConversationModel, StreamPart } from '../../../src/core/agents/conversation/model.ts';
import {
  PermissionGate,
  type Judgement,
} from '../../../src/core/agents/conversation/permissionGate.ts';
import { runTurn } from '../../../src/core/agents/conversation/runTurn.ts';
import { createToolCaller } from '../../../src/core/agents/conversation/toolCaller.ts';
import { FileDesk } from '../../../src/core/agents/files/fileDesk.ts';
import { createFileTools } from '../../../src/core/agents/files/fileTools.ts';
import { Agent } from '../../../src/core/agents/tools/agent.ts';
import { agentTools } from '../../../src/core/agents/tools/tools.ts';
import { silentLog } from '../../../src/core/common/log.ts';
import { Journal } from '../../../src/core/sessions/journal.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { workspaceOf } from '../../../src/core/store/workspace.ts';
import type { TaskHost } from '../../../src/core/tasks/taskHost.ts';
import { dieAtCall } from './dieAtCall.ts';

interface Arguments {
  readonly home: string;
  readonly folder: string;
  readonly scriptsDirectory: string;
}

let count = 0;
const call = (name: string, input: object): StreamPart => {
  count += 1;
  return { type: 'tool-call', id: `call_${count}`, name, input };
};

/** What the model says, by what the user asks for. */
const scripts: Readonly<Record<string, readonly (readonly StreamPart[])[]>> = {
  fix: [
    [{ type: 'text', text: 'I look.' }, call('read', { file_path: 'code.txt' })],
    [
      call('edit', { file_path: 'code.txt', old_string: 'wrong', new_string: 'right' }),
      call('bash', { command: 'exec sleep 1000', run_in_background: true }),
    ],
    [call('bash', { command: 'cat code.txt' })],
    [{ type: 'text', text: 'It is right now.' }],
  ],
  wait: [
    [
      { type: 'text', text: 'I run it.' },
      call('bash', {
        command: 'touch begun; while [ ! -e go ]; do sleep 0.02; done; echo late; exit 3',
      }),
      call('bash', { command: 'echo never' }),
    ],
  ],
};

function scriptedModel(prompt: string): ConversationModel {
  let asked = 0;
  return {
    id: 'scripted',
    name: 'Scripted',
    maxInputTokens: 100_000,
    stream: async function* () {
      const said = scripts[prompt]?.[asked] ?? [];
      asked += 1;
      for (const part of said) yield await Promise.resolve(part);
    },
  };
}

async function talk(host: TaskHost, session: string): Promise<void> {
  const store = new SessionStore(host);
  const journal = new Journal(host, session);
  const { workspace, clock } = host;
  const conversation = openConversation({ host, store, journal, reader: 'chat' });
  const root = workspace.folder;
  const agent = new Agent({
    ...{ host, root, session, reader: 'chat' },
    captureDirectory: () => host.workspace.directory,
  });
  const { seenFiles: seen } = conversation.history;
  const desk = new FileDesk({ workspace, journal, seen, environment: host.environment });
  const tools = [...agentTools, ...createFileTools(desk)];
  const gate = new PermissionGate({
    ...{ workspace, store, journal, clock, face: host.face },
    mode: () => ({ bypass: false, trusted: true }),
    cwd: () => agent.shell.cwd,
  });
  // To read command lines takes a grammar that takes longer to load than all the rest of a run.
  const judge = (name: string, input: unknown): Promise<Judgement> =>
    name === 'bash' ? gate.judge('list_bashes', {}) : gate.judge(name, input);
  const prompt = session.replace(/-.*/, '');
  await runTurn({
    ...{ conversation, tools, prompt, system: 'You are a test.' },
    model: scriptedModel(prompt),
    callTool: createToolCaller({
      ...{ agent, tools },
      gate: { judge, keep: gate.keep.bind(gate) },
      ask: () => Promise.resolve({ kind: 'session' }),
    }),
    signal: new AbortController().signal,
    onPart: () => undefined,
  });
}

const [, , session = '', last = '', json = ''] = process.argv;
const { home, folder, scriptsDirectory } = JSON.parse(json) as Arguments;
dieAtCall(Number(last));
talk(
  {
    workspace: workspaceOf(home, folder),
    scriptsDirectory,
    nodeExecutable: process.execPath,
    face: 'face',
    environment: process.env,
    clock: { now: () => Date.now() },
    log: silentLog,
  },
  session,
).catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
