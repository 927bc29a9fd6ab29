import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HistoryEntry } from '../../../../src/core/agents/conversation/history.ts';
import {
  renderPage,
  renderTranscript,
} from '../../../../src/core/agents/conversation/transcript/renderTranscript.ts';
import { safeMarkdown } from '../../../../src/core/agents/conversation/transcript/safeMarkdown.ts';
import type { MessagePart } from '../../../../src/core/sessions/journalLines.ts';

function entry(role: HistoryEntry['role'], ...parts: MessagePart[]): HistoryEntry {
  const atMs = Date.parse('2026-01-02T03:04:05.000Z');
  return {
    lineId: undefined,
    atMs,
    role,
    parts,
    isUnfinished: false,
    model: undefined,
    endOffset: 0,
  };
}

const said = (text: string): MessagePart => ({ type: 'text', text });

const entries = [
  entry('user', said('Fix **it**'), { type: 'text', text: 'x = 1', attachment: 'a.txt' }),
  entry(
    'assistant',
    said('I look.'),
    { type: 'tool-call', id: '1', name: 'edit', input: { file_path: '/p/a.txt' } },
    { type: 'tool-call', id: '2', name: 'bash', input: { command: 'npm test\nnpm run x' } },
  ),
  entry('tool', {
    type: 'tool-result',
    id: '1',
    output: 'Replaced.',
    diff: '@@ -1,1 +1,1 @@\n-a\n+b',
    files: ['/p/a.txt'],
  }),
  entry('tool', {
    type: 'tool-result',
    id: '2',
    output: '```\nfail',
    isError: true,
    task: 'bash_3',
  }),
  entry('assistant', said('Done.')),
];

const options = {
  linkTask: (id: string) => `task:${id}`,
  linkFile: (file: string) => `file://${file}`,
};

describe('renderTranscript', () => {
  const document = [...renderTranscript({ entries, summaries: [] }, options)].join('');

  it('names who speaks once, and folds each call with its result', () => {
    const when = { dateStyle: 'medium', timeStyle: 'short' } as const;
    const time = new Date(entries[0]?.atMs ?? 0).toLocaleString('en-GB', when);
    assert.deepEqual(document.match(/^### .*$/gm), [
      `### You · ${time}`,
      `### Assistant · ${time}`,
    ]);
    assert.match(document, /<summary><b>edit<\/b> <code>\/p\/a.txt<\/code><\/summary>/);
    assert.match(document, /<b>bash<\/b> <code>npm test npm run x<\/code> \(failed\)/);
    assert.equal(document.match(/<details>/g)?.length, document.match(/<\/details>/g)?.length);
    assert.ok(document.indexOf('Replaced.') < document.indexOf('<b>bash'));
  });

  it('shows edits as diffs, and links tasks and files', () => {
    assert.match(document, /```diff\n@@ -1,1 \+1,1 @@\n-a\n\+b\n```/);
    assert.match(document, /\[bash\\_3\]\(<task:bash_3>\)/);
    assert.match(document, /\[\/p\/a.txt\]\(<file:\/\/\/p\/a.txt>\)/);
  });

  it('holds the output of a tool in a block that it cannot close', () => {
    assert.match(document, /````\n```\nfail\n````/);
  });

  it('says where the model has a summary instead', () => {
    const summaries = [{ text: 'short', replacedCount: 4, request: undefined, atMs: 0 }];
    const text = renderPage({ entries, summaries }, { from: 0, to: 5 });
    assert.match(text, /the 4 messages above were summarised[^]*short[^]*Done\./);
  });

  it('gives the same pieces page by page', () => {
    const page = renderPage({ entries, summaries: [] }, { from: 2, to: 5 }, options);
    assert.match(page, /^### Assistant .*\n\nDone\./);
  });

  it('says of a call without a result whether it is still being made', () => {
    const open = { entries: entries.slice(0, 2), summaries: [] };
    assert.match(renderPage(open, { from: 0, to: 2 }), /\(no result\)/);
    assert.match(renderPage(open, { from: 0, to: 2 }, { isLive: true }), /<\/code> …/);
  });
});

describe('safeMarkdown', () => {
  it('lets no HTML and no picture through, and leaves code as it is', () => {
    assert.equal(
      safeMarkdown('a <b>x</b> <!-- y --> 1 < 2'),
      'a &lt;b>x&lt;/b> &lt;!-- y --> 1 < 2',
    );
    assert.equal(safeMarkdown('![p](https://x/?q)'), String.raw`!\[p](https://x/?q)`);
    assert.equal(safeMarkdown('see `<b>` and ``a `<i>` b``'), 'see `<b>` and ``a `<i>` b``');
    assert.equal(safeMarkdown('```html\n<b>\n```\n<b>'), '```html\n<b>\n```\n&lt;b>');
  });

  it('closes a block of code that was left open', () => {
    assert.equal(safeMarkdown('~~~~\n<b>'), '~~~~\n<b>\n~~~~');
  });

  it('leaves no tag outside of code, wherever the backticks stand', () => {
    const pieces = fc.array(
      fc.constantFrom('`', '``', '<b>', 'x', '\n', '\n\n', ' ', '```', '~~~'),
    );
    fc.assert(
      fc.property(pieces, (list) => {
        const text = list.join('');
        if (text.includes('`') || text.includes('~')) return;
        assert.ok(!safeMarkdown(text).includes('<b>'));
      }),
    );
  });
});
