import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { projectSlug } from '../../../src/core/agents/claude-code/transcripts/claudeDirectory.ts';
import { waitFor } from '../../support/waitFor.ts';
import {
  allowBash,
  call,
  claudeVersions,
  startClaude,
  writeLocalSettings,
  type Claude,
} from './support/claude.ts';

/**
 * What claude-prefix.sh and claude-hook.sh build on, without any part of Holdfast: a test that fails names the fact that
 * a newer Claude Code has changed.
 */
const COMMANDS = [
  call('Bash', { command: 'echo \'a  b\' "c"' }),
  call('Bash', { command: 'tail -n 71 -f /dev/null', run_in_background: true }),
  call('Bash', { command: 'until [ -e "$SEEN/ready" ]; do sleep 0.1; done' }),
  call('TaskStop', { task_id: '$TASK' }),
  call('Bash', { command: 'pwd' }),
  call('Bash', { command: "echo 'p  q' 2>&1 | cat", run_in_background: true }),
];

/** A start of a program by Claude Code, as a shell prefix saw it. */
interface Start {
  readonly argumentCount: number;
  readonly line: string;
  readonly parent: number;
  readonly output: string;
  readonly variables: readonly string[];
}

interface Observation {
  readonly claude: Claude;
  readonly pid: number;
  readonly starts: readonly Start[];
  readonly events: string;
  readonly atSignal: string;
}

const PREFIX = `#!/bin/bash
output=$(readlink /proc/$$/fd/1)
printf '%s\\0' "$#" "$1" "$PPID" "$output" "$(env)" >"$SEEN/start-$$"
case $1 in
*'tail -n 71'*)
  registry=$CLAUDE_CONFIG_DIR/sessions/$PPID.json
  trap '[ -e "$registry" ] && echo registered >"$SEEN/signal"; kill $!; exit 143' TERM
  bash -c "$1" &
  : >"$SEEN/ready"
  wait
  ;;
esac
exec bash -c "$1"
`;

async function observe(claude: Claude): Promise<Observation> {
  const seen = path.join(claude.folder, 'seen');
  mkdirSync(seen);
  const prefix = path.join(claude.folder, 'prefix');
  writeFileSync(prefix, PREFIX, { mode: 0o755 });
  const hook = {
    matcher: 'Bash|TaskStop',
    hooks: [{ type: 'command', command: 'cat >>"$SEEN/events"' }],
  };
  const settings = {
    env: { CLAUDE_CODE_SHELL_PREFIX: prefix, SEEN: seen },
    hooks: { PreToolUse: [hook], Stop: [{ hooks: hook.hooks }] },
    enabledMcpjsonServers: ['probe'],
  };
  writeLocalSettings(claude, JSON.stringify(settings));
  const server = { command: '/bin/cat', args: ['-u', 'a b'] };
  writeFileSync(
    path.join(claude.folder, '.mcp.json'),
    JSON.stringify({ mcpServers: { probe: server } }),
  );
  const child = claude.spawn(['-p', COMMANDS.join('\n'), ...allowBash]);
  child.stdin.end();
  await waitFor(() => child.exitCode !== null, { deadlineMs: 60_000 });
  const read = (name: string): string => {
    const file = path.join(seen, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return {
    claude,
    pid: child.pid ?? 0,
    starts: readdirSync(seen)
      .filter((name) => name.startsWith('start-'))
      .map((name) => startFrom(read(name))),
    events: read('events'),
    atSignal: read('signal'),
  };
}

function startFrom(text: string): Start {
  const [count = '', line = '', parent = '', output = '', variables = ''] = text.split('\0');
  return {
    argumentCount: Number(count),
    line,
    parent: Number(parent),
    output,
    variables: variables.split('\n'),
  };
}

const facts: Readonly<Record<string, (observation: Observation) => void>> = {
  'a prefix gets one argument': ({ starts }) => {
    assert.ok(starts.every(({ argumentCount }) => argumentCount === 1));
  },
  'a command of Bash is evaluated, and then the directory written': ({ starts }) => {
    const lines = bashStarts(starts).map(({ line }) => line);
    assert.equal(lines.length, 5);
    for (const line of lines) assert.match(line, / && eval .* && pwd -P >\| \S+$/s);
  },
  'only letters and digits of a command are sure to be the same in line and event': ({
    starts,
    events,
  }) => {
    assert.ok(
      bashStarts(starts).some(({ line }) => line.replaceAll(/\W/g, '').includes('echoabc')),
    );
    assert.ok(events.includes(String.raw`"command":"echo 'a  b' \"c\""`));
  },
  'a command with a pipe is evaluated as it was written, with no input': ({ starts }) => {
    const quoted = `'echo '"'"'p  q'"'"' 2>&1 | cat'`;
    assert.ok(starts.some(({ line }) => line.includes(` && eval ${quoted} < /dev/null && pwd`)));
  },
  'what is evaluated comes after what sets the options of the shell': ({ starts }) => {
    for (const { line } of bashStarts(starts)) assert.match(line, /^(?:(?! && eval ).)*extglob/s);
  },
  'a command of Bash is a child of Claude Code, and told its session': ({ starts, pid }) => {
    for (const { parent, variables } of bashStarts(starts)) {
      assert.equal(parent, pid);
      assert.ok(variables.some((variable) => /^CLAUDE_CODE_SESSION_ID=[\w-]{36}$/.test(variable)));
      assert.ok(variables.some((variable) => /^SHELL=.*\/(bash|zsh)$/.test(variable)));
    }
  },
  'the file that takes the output is named after the task': ({ starts, claude }) => {
    const background = starts.find(({ line }) => line.includes('tail -n 71'));
    const [, id] = /with ID: (\w+)/.exec(claude.api.toolResults()[1] ?? '') ?? [];
    assert.equal(path.basename(background?.output ?? ''), `${id ?? 'none'}.output`);
  },
  'an MCP server is started through the prefix, by one line': ({ starts }) => {
    assert.ok(starts.some(({ line }) => /^'?\/bin\/cat'? '?-u'? 'a b'$/.test(line)));
  },
  'a hook is started through the prefix, by its own line': ({ starts }) => {
    assert.ok(starts.some(({ line }) => line === 'cat >>"$SEEN/events"'));
  },
  'an event tells of the background, and has no blanks between its parts': ({ events }) => {
    assert.match(
      events,
      /"tool_input":\{"command":"tail -n 71 -f \/dev\/null","run_in_background":true/,
    );
    assert.match(events, /"session_id":"[\w-]{36}"/);
    assert.match(events, /"tool_use_id":"toolu_\w+"/);
    assert.match(events, /"tool_name":"TaskStop","tool_input":\{"task_id":"\w+"\}/);
  },
  'a hook is told which Claude Code it is, and that it was started with a prompt': ({ starts }) => {
    const hooks = starts.filter(({ line }) => line.startsWith('cat >>'));
    for (const { variables } of hooks) {
      assert.ok(variables.some((variable) => variable.startsWith('AI_AGENT=claude-code_')));
      assert.ok(variables.includes('CLAUDE_CODE_ENTRYPOINT=sdk-cli'));
    }
  },
  'the event at the end of a turn names the transcript': ({ events }) => {
    const [, session = ''] = /"session_id":"([\w-]{36})"/.exec(events) ?? [];
    const stop = events.slice(events.lastIndexOf('{"session_id"'));
    assert.match(stop, /"hook_event_name":"Stop"/);
    assert.match(stop, new RegExp(`"transcript_path":"/[^"]+/${session}\\.jsonl"`));
  },
  'a task that is stopped gets SIGTERM, while Claude Code is in its registry': ({ atSignal }) => {
    assert.equal(atSignal, 'registered\n');
  },
  'a transcript is named after folder and session': ({ claude, events }) => {
    const [, session = ''] = /"session_id":"([\w-]{36})"/.exec(events) ?? [];
    const project = path.join(claude.configDirectory, 'projects', projectSlug(claude.folder));
    assert.ok(existsSync(path.join(project, `${session}.jsonl`)));
  },
};

function bashStarts(starts: readonly Start[]): Start[] {
  return starts.filter(({ line }) => line.includes(' && eval '));
}

for (const version of claudeVersions) {
  void describe(`of Claude Code ${version} it still holds that`, () => {
    test('all of it', async (t) => {
      const claude = await startClaude(t, version);
      if (claude === undefined) return;
      const observation = await observe(claude);
      for (const [fact, check] of Object.entries(facts)) {
        await t.test(fact, () => {
          check(observation);
        });
      }
    });
  });
}
