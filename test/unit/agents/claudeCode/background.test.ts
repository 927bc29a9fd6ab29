import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { agentRecord } from '../../../../src/core/agents/claude-code/background/agentRecord.ts';
import {
  answerQuestion,
  choicesIn,
} from '../../../../src/core/agents/claude-code/background/answerQuestion.ts';
import { pathWithClaude } from '../../../../src/core/agents/claude-code/background/findClaude.ts';
import { judgeQuery } from '../../../../src/core/agents/claude-code/background/judgeQuery.ts';
import { persistsClaudeSessions } from '../../../../src/core/agents/claude-code/background/persistence.ts';
import {
  openQuestions,
  readAnswer,
  writeQuestion,
  type AgentQuestion,
} from '../../../../src/core/agents/claude-code/background/questions.ts';
import { permissionQuery } from '../../../../src/core/agents/claude-code/background/streamLine.ts';
import {
  resultText,
  textOfLine,
} from '../../../../src/core/agents/claude-code/background/streamText.ts';
import { HoldfastError } from '../../../../src/core/common/errors.ts';
import { createTaskHost, filesOf, look, start, untilOver } from '../../../support/taskHost.ts';
import { tempDir } from '../../../support/tempDir.ts';

const QUESTION: AgentQuestion = {
  v: 1,
  id: 'q1',
  askedAt: '2026-01-01T00:00:00.000Z',
  tool: 'Bash',
  input: { command: 'npm test' },
  about: 'Bash: npm test',
  offers: ['Bash(npm test:*)'],
};

void describe('whether agents are persisted', () => {
  void it('is said by the environment first, then by .env, and by nobody otherwise', async (t) => {
    const folder = await tempDir(t);
    assert.equal(persistsClaudeSessions({}, folder), undefined);
    writeFileSync(path.join(folder, '.env'), 'A=1\nPERSIST_CLAUDE_SESSIONS=true # keep\n');
    assert.equal(persistsClaudeSessions({}, folder), true);
    assert.equal(persistsClaudeSessions({ PERSIST_CLAUDE_SESSIONS: 'false' }, folder), false);
    assert.equal(persistsClaudeSessions({ PERSIST_CLAUDE_SESSIONS: '' }, folder), true);
    writeFileSync(path.join(folder, '.env'), "PERSIST_CLAUDE_SESSIONS='no'\n");
    assert.equal(persistsClaudeSessions({}, folder), false);
    assert.equal(persistsClaudeSessions({ PERSIST_CLAUDE_SESSIONS: 'TRUE' }, folder), true);
  });
});

void describe('where claude is', () => {
  void it('is on the PATH, or where its installers put it', async (t) => {
    const home = await tempDir(t);
    const bin = path.join(home, '.local', 'bin');
    const environment = { PATH: '/nowhere', HOME: home };
    const isOnMachine = ['/usr/local/bin', '/opt/homebrew/bin'].some((directory) =>
      existsSync(path.join(directory, 'claude')),
    );
    if (!isOnMachine) {
      assert.throws(
        () => pathWithClaude(environment),
        (error) => HoldfastError.is(error, 'claude.notInstalled'),
      );
    }
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'claude'), '#!/bin/sh\n');
    chmodSync(path.join(bin, 'claude'), 0o755);
    assert.equal(pathWithClaude(environment), `/nowhere${path.delimiter}${bin}`);
    assert.equal(pathWithClaude({ PATH: bin, HOME: '/nowhere' }), bin);
  });
});

void describe('what an agent does, in words', () => {
  const assistant = (content: unknown, more = {}): string[] =>
    textOfLine({ type: 'assistant', message: { content }, ...more });

  void it('has its words, its tools, and what they gave', () => {
    const tool = { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'npm\ntest' } };
    const words = { type: 'text', text: 'First line\r\nsecond \x1b[2Jline\n' };
    assert.deepEqual(assistant([words, tool]), [
      'First line',
      'second [2Jline',
      '→ Bash: npm test',
    ]);
    const content = [
      { type: 'tool_result', tool_use_id: 't', content: 'one\ntwo', is_error: true },
    ];
    assert.deepEqual(textOfLine({ type: 'user', message: { content } }), ['  ✗ one (2 lines)']);
    assert.deepEqual(assistant([tool], { parent_tool_use_id: 'p' }), ['    → Bash: npm test']);
  });

  void it('has nothing of what only programs want to know, or do not know yet', () => {
    for (const line of [{}, { type: 'stream_event' }, { type: 'system', subtype: 'status' }]) {
      assert.deepEqual(textOfLine(line), []);
    }
    assert.deepEqual(assistant('not an array of blocks'), ['not an array of blocks']);
  });

  void it('ends with how it ended', () => {
    const result = { isError: false, subtype: 'success', text: 'yes', turns: 1, costUsd: 0.001 };
    assert.deepEqual(resultText({ ...result, durationMs: 2000 }), ['✓ Done after 2 s, 1 turn']);
    const failed = { ...result, isError: true, subtype: 'error_max_turns', durationMs: undefined };
    assert.deepEqual(resultText({ ...failed, text: undefined, costUsd: 1.5 }), [
      '✗ Failed (error_max_turns) 1 turn, $1.50',
    ]);
  });
});

void describe('a permission query', () => {
  const judgement = {
    decision: 'allow',
    reason: 'covered',
    rule: 'Bash(touch:*)',
    tool: 'Bash',
    summary: '',
    offers: [],
    approvedPaths: [],
  } as const;
  const query = (request: object): NonNullable<ReturnType<typeof permissionQuery>> => {
    const line = { type: 'control_request', request_id: 'r', request };
    const read = permissionQuery(line);
    assert.ok(read);
    return read;
  };
  const touch = { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'touch a' } };

  void it('is allowed by a rule of ours, unless Claude Code has a reason of its own to ask', async () => {
    const gate = { judge: () => Promise.resolve(judgement) };
    const asked = async (request: object): Promise<string> =>
      (await judgeQuery(gate, query(request))).decision;
    assert.equal(await asked(touch), 'allow');
    assert.equal(await asked({ ...touch, decision_reason_type: 'rule' }), 'ask');
    assert.equal(await asked({ ...touch, decision_reason_type: 'safetyCheck' }), 'ask');
    assert.equal(await asked({ ...touch, requires_user_interaction: true }), 'ask');
    assert.equal(await asked({ ...touch, tool_name: 'AskUserQuestion' }), 'ask');
  });

  void it('is denied by a rule of ours whatever the reason', async () => {
    const gate = { judge: () => Promise.resolve({ ...judgement, decision: 'deny' as const }) };
    const asked = query({ ...touch, decision_reason_type: 'rule' });
    assert.equal((await judgeQuery(gate, asked)).decision, 'deny');
  });
});

void describe('a question', () => {
  void it('is open while its agent runs and has no answer, and the first answer counts', async (t) => {
    const host = await createTaskHost(t);
    const agent = agentRecord({ mode: 'background', session: 's' });
    const task = await start(host, ['sleep', '1000'], { agent, prompt: 'do it' });
    assert.deepEqual(task.agent, { name: 'claude-code', mode: 'background', session: 's' });
    const { questions } = filesOf(task);
    writeQuestion(questions, QUESTION);
    assert.deepEqual(openQuestions(task), [QUESTION]);
    const allow = { question: QUESTION, answer: { kind: 'once' } } as const;
    assert.equal(answerQuestion(host, task, allow), true);
    assert.equal(answerQuestion(host, task, { ...allow, answer: { kind: 'deny' } }), false);
    assert.deepEqual(openQuestions(task), []);
    assert.equal(readAnswer(questions, 'q1')?.decision, 'allow');
    writeQuestion(questions, { ...QUESTION, id: 'q2' });
    const over = await start(host, 'exit 0', { agent, prompt: 'x' }).then((it) =>
      untilOver(host, it),
    );
    writeQuestion(filesOf(over).questions, QUESTION);
    assert.deepEqual([openQuestions(look(host, task)).length, openQuestions(over)], [1, []]);
    assert.equal(
      answerQuestion(host, over, { ...allow, question: { ...QUESTION, id: 'no' } }),
      false,
    );
    assert.deepEqual(readdirSync(questions).sort(), ['q1.answer', 'q1.json', 'q2.json']);
  });

  void it('about a choice wants one for each, in their order', async (t) => {
    const host = await createTaskHost(t);
    const task = await start(host, ['sleep', '1000'], {
      agent: agentRecord({ mode: 'background', session: 's' }),
    });
    const asked = ['Which?', 'Where?'].map((question) => ({
      question,
      options: [{ label: 'A' }, { label: 'B' }],
    }));
    const question = { ...QUESTION, tool: 'AskUserQuestion', input: { questions: asked } };
    writeQuestion(filesOf(task).questions, question);
    assert.deepEqual(
      choicesIn(question).map((choice) => choice.question),
      ['Which?', 'Where?'],
    );
    const answer = { kind: 'once', choices: ['A'] } as const;
    assert.throws(
      () => answerQuestion(host, task, { question, answer }),
      (error) => HoldfastError.is(error, 'input.invalid'),
    );
    answerQuestion(host, task, { question, answer: { ...answer, choices: ['A', 'B'] } });
    const { choices } = readAnswer(filesOf(task).questions, 'q1') ?? {};
    assert.deepEqual(choices, { 'Which?': 'A', 'Where?': 'B' });
  });
});
