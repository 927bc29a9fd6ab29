import { appendFileSync } from 'node:fs';
import { openConversation } from '../../src/core/agents/conversation/conversation.ts';
import { readHistory } from '../../src/core/agents/conversation/history.ts';
import type { ConversationModel } from '../../src/core/agents/conversation/model.ts';
import { runTurn } from '../../src/core/agents/conversation/runTurn.ts';
import {
  renderPage,
  renderTranscript,
} from '../../src/core/agents/conversation/transcript/renderTranscript.ts';
import { createSession } from '../../src/core/sessions/createSession.ts';
import { Journal } from '../../src/core/sessions/journal.ts';
import { sessionFilesOf } from '../../src/core/sessions/sessionFiles.ts';
import { SessionStore } from '../../src/core/sessions/sessionStore.ts';
import type { TaskHost } from '../../src/core/tasks/taskHost.ts';
import { openBenchHost } from './support/benchHost.ts';
import { heading, median, row, target, timeMs } from './support/report.ts';

const ROUNDS = 15;

/** Prompts, answers with a call, and results, as agents have them. */
function fill(host: TaskHost, id: string, messageCount: number): void {
  createSession(host, { id });
  const lines: string[] = [];
  for (let n = 0; n < messageCount; n += 1) {
    const frame = {
      v: 1,
      w: 'benchwriter',
      n: n + 1,
      t: new Date().toISOString(),
      type: 'message',
    };
    const call = { type: 'tool-call', id: `c${n}`, name: 'bash', input: { command: 'npm test' } };
    const said = { type: 'text', text: `message ${n} ${'some words of it '.repeat(20)}` };
    const result = {
      type: 'tool-result',
      id: `c${n - 1}`,
      output: 'a line of output\n'.repeat(60),
    };
    const kinds = [
      { role: 'user', parts: [said] },
      { role: 'assistant', parts: [said, call] },
      { role: 'tool', parts: [result] },
      { role: 'assistant', parts: [said] },
    ];
    lines.push(JSON.stringify({ ...frame, ...kinds[n % 4] }));
  }
  appendFileSync(sessionFilesOf(host.workspace, id).plain, `${lines.join('\n')}\n`);
}

async function firstToken(host: TaskHost): Promise<void> {
  heading('From the prompt to the question to the model, ms');
  const store = new SessionStore(host);
  for (const count of [100, 1000, 5000]) {
    const id = `talk-${count}`;
    fill(host, id, count);
    const open = () =>
      openConversation({ host, store, journal: new Journal(host, id), reader: 'bench' });
    const opening = [];
    for (let round = 0; round < ROUNDS; round += 1) opening.push(await timeMs(open));
    const conversation = open();
    const overheads = [];
    const busy = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let askedAtMs = 0;
      let cpuAtAsking = 0;
      const model: ConversationModel = {
        id: 'bench',
        name: 'Bench',
        maxInputTokens: 10_000_000,
        stream: async function* () {
          askedAtMs = performance.now();
          cpuAtAsking = process.cpuUsage().user + process.cpuUsage().system;
          yield await Promise.resolve({ type: 'text' as const, text: 'ok' });
        },
      };
      const cpu = process.cpuUsage();
      const startMs = performance.now();
      await runTurn({
        conversation,
        model,
        system: 'You are a benchmark.',
        prompt: 'go on',
        tools: [],
        callTool: () => Promise.resolve({ output: '', isError: false }),
        signal: new AbortController().signal,
        onPart: () => undefined,
      });
      overheads.push(askedAtMs - startMs);
      busy.push((cpuAtAsking - cpu.user - cpu.system) / 1000);
    }
    row(`${count} messages`, {
      'per turn': median(overheads),
      'of it processor time': median(busy),
      opening: median(opening),
    });
    if (count === 1000) target('1,000 messages: below 20 ms', median(overheads) < 20);
  }
}

async function appending(host: TaskHost): Promise<void> {
  heading('Journalling a message on the disk, ms');
  const store = new SessionStore(host);
  const journal = new Journal(host, 'talk-1000');
  const conversation = openConversation({ host, store, journal, reader: 'bench' });
  const times: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const parts = [{ type: 'text', text: 'some words of an answer '.repeat(40) }];
    times.push(
      await timeMs(() => {
        conversation.say({ role: 'assistant', parts });
      }),
    );
  }
  const bare: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const parts = [{ type: 'text', text: 'some words of an answer '.repeat(40) }];
    bare.push(
      await timeMs(() => {
        journal.append({ type: 'message', role: 'assistant', parts });
      }),
    );
  }
  row('each', { median: median(times), slowest: Math.max(...times) });
  row('the write alone', { median: median(bare), slowest: Math.max(...bare) });
  target('below 5 ms', median(times) < 5);
}

async function transcript(host: TaskHost): Promise<void> {
  heading('A transcript of 5,000 messages, ms');
  const files = sessionFilesOf(host.workspace, 'talk-5000');
  const reading = await timeMs(() => readHistory(files));
  const history = readHistory(files);
  let length = 0;
  const cpu = process.cpuUsage();
  const whole = await timeMs(() => {
    for (const piece of renderTranscript(history)) length += piece.length;
  });
  const { user, system } = process.cpuUsage(cpu);
  const { length: count } = history.entries;
  const page = await timeMs(() => renderPage(history, { from: count - 200, to: count }));
  row('reading', { ms: reading });
  row('the whole', {
    ms: whole,
    'of it processor time': (user + system) / 1000,
    MiB: length / 1024 / 1024,
  });
  row('the last 200', { ms: page });
  target('well below a second', reading + whole < 500);
}

const bench = openBenchHost();
try {
  await firstToken(bench.host);
  await appending(bench.host);
  await transcript(bench.host);
} finally {
  await bench.close();
}
