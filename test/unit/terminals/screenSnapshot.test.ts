import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { separateBrokenWraps } from '../../../src/core/terminals/brokenWraps.ts';
import { useWidthsOfToday } from '../../../src/core/terminals/characterWidths.ts';
import { mendEraseAbove } from '../../../src/core/terminals/mendEraseAbove.ts';
import { TerminalScreen } from '../../../src/core/terminals/screen.ts';
import { dumpScreen } from '../../support/screenDump.ts';

const ESC = '\x1b';
const SIZE = { columns: 40, rows: 10 };

function link(target: string, text: string, parameters = ''): string {
  return `${ESC}]8;${parameters};${target}${ESC}\\${text}${ESC}]8;;${ESC}\\`;
}

/** What is on the screen, and what a program writes next, which shows what cannot be seen. */
const cases: readonly (readonly [title: string, before: string, after: string])[] = [
  ['plain text', 'one\r\ntwo\r\n', 'three'],
  [
    'what has scrolled off',
    Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\r\n'),
    '\r\nx',
  ],
  ['a wrapped line', 'wrapped '.repeat(9), 'more'],
  ['a cursor beyond the last column', 'x'.repeat(40), 'y'],
  ['a wide character in the last column', `${'x'.repeat(38)}日`, 'y'],
  ['wide and combining characters', '日本語 🙂 e\u0301 end', '\b\bx'],
  [
    'true colours and styles',
    `${ESC}[1;3;4;38;2;1;2;3;48;5;200mstyled${ESC}[0m plain${ESC}[7m`,
    'pen',
  ],
  [
    'links, those of several rows and those that have scrolled off',
    `${link('https://a.example/?x;y', 'first')} ${link('https://b.example/', 'wrapped '.repeat(8), 'id=b')}${'\r\n'.repeat(15)}${link('file:///c', 'third')}\r\n`,
    'x',
  ],
  [
    'a link that is being written',
    `${ESC}]8;;https://a.example/${ESC}\\begun`,
    ` end${ESC}]8;;${ESC}\\x`,
  ],
  ['a link up to the last column', `${ESC}]8;;https://a.example/${ESC}\\${'x'.repeat(40)}`, 'y'],
  [
    'underlines of all kinds',
    `${ESC}[4:3;58;2;9;8;7mcurly${ESC}[4:2;58;5;3mdouble${ESC}[4:4;59mdotted${ESC}[0;4mplain${'\r\n'.repeat(15)}${ESC}[4:3mcurly`,
    'pen',
  ],
  ['a background without text', `${ESC}[44m${ESC}[2J${ESC}[5;5Hx`, `${ESC}[K`],
  ['the other screen', `shell$ ${ESC}[?1049h${ESC}[2J${ESC}[3;3Hvim`, `${ESC}[?1049lback`],
  ['a scroll region', `a\r\nb\r\nc\r\nd${ESC}[2;4r${ESC}[4;1H`, '\r\nscrolled\r\nagain'],
  ['origin mode', `${ESC}[3;8r${ESC}[?6h${ESC}[2;2Hx`, `${ESC}[1;1Htop`],
  ['a saved cursor', `${ESC}[5;5H${ESC}[31m${ESC}7${ESC}[0m${ESC}[1;1Hx`, `${ESC}8here`],
  ['line drawing', `${ESC}(0lqk${ESC}[2;1H`, 'mqj'],
  ['shifted character sets', `${ESC})0\x0elqk`, 'x\x0fx'],
  [
    'modes',
    `${ESC}[?1h${ESC}=${ESC}[?2004h${ESC}[?1002h${ESC}[?1006h${ESC}[?1004h${ESC}[?25l`,
    'x',
  ],
  ['insert mode', `abc${ESC}[1G${ESC}[4h`, 'x'],
  ['no wrapping', `${ESC}[?7l${'x'.repeat(50)}`, 'y'],
  ['tab stops', `${ESC}[3g${ESC}[1;5H${ESC}H${ESC}[1;1H`, '\tx'],
  ['the shape of the cursor', `${ESC}[5 q`, 'x'],
  ['a line that was erased above its rest', `${'x'.repeat(50)}${ESC}[A${ESC}[2K`, 'z'],
];

function draw(terminal: Terminal, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    terminal.write(text, resolve);
  });
}

function newTerminal(): Terminal {
  const { columns, rows } = SIZE;
  const terminal = new Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  useWidthsOfToday(terminal);
  mendEraseAbove(terminal);
  return terminal;
}

function newScreen(): TerminalScreen {
  return new TerminalScreen(SIZE, {
    onReply: () => undefined,
    onTitle: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
}

void describe('a screen that is taken over by another terminal', () => {
  for (const [title, before, after] of cases) {
    void it(`keeps ${title}`, async () => {
      const screen = newScreen();
      screen.write(Buffer.from(before));
      const [stayed, came] = [newTerminal(), newTerminal()];
      await draw(stayed, before);
      separateBrokenWraps(stayed);
      await draw(came, screen.snapshot(1000));
      assert.deepEqual(dumpScreen(came), dumpScreen(stayed));
      await Promise.all([draw(stayed, after), draw(came, after)]);
      assert.deepEqual(dumpScreen(came), dumpScreen(stayed));
    });
  }

  void it('answers what programs ask', () => {
    const replies: string[] = [];
    const screen = new TerminalScreen(SIZE, {
      onReply: (bytes) => replies.push(bytes.toString('latin1')),
      onTitle: () => undefined,
      onError: () => undefined,
    });
    screen.write(Buffer.from(`ab${ESC}[6n${ESC}[c${ESC}[18t`));
    assert.deepEqual(replies, [`${ESC}[1;3R`, `${ESC}[?1;2c`, `${ESC}[8;10;40t`]);
  });

  void it('survives erasing above a cursor in the last corner', () => {
    const screen = newScreen();
    screen.write(Buffer.from(`${ESC}[?1049h${ESC}[10;40Hx${ESC}[1Jstill here`));
    assert.match(screen.snapshot(0).toString(), /still here/);
  });

  void it('has the title', () => {
    const screen = newScreen();
    screen.write(Buffer.from(`${ESC}]2;my title\x07`));
    assert.equal(screen.title, 'my title');
  });
});
