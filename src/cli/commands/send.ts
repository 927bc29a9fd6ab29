import type { Command } from 'commander';
import { HoldfastError } from '../../core/common/errors.ts';
import { findTask } from '../../core/tasks/listTasks.ts';
import { interpretEscapes } from '../../core/terminals/inputEscapes.ts';
import { sendInput } from '../../core/terminals/sendInput.ts';
import { openHost, type CommonOptions } from '../context.ts';
import { addCommand } from '../program.ts';
import { writeJson } from '../stdio.ts';

interface SendOptions extends CommonOptions {
  readonly raw?: boolean;
  readonly enter?: boolean;
}

export function define(program: Command): void {
  addCommand(program, 'send', {
    summary: 'type into the terminal of an interactive task',
    details: String.raw`Escapes are interpreted: \n \r \t \e \b \a \0 \\ \xNN \uNNNN. Without a text, what comes on standard input is typed as it is. Returns when the terminal has taken it.`,
    example: String.raw`holdfast send bash_4 'y\n'
holdfast send bash_4 '\x03'`,
  })
    .argument('<id>', 'a task that was started with --tty: bash_4, or 4')
    .argument('[text...]', 'what to type; several words are joined by spaces')
    .option('--raw', 'interpret no escapes')
    .option('--enter', 'press Enter at the end')
    .action(send);
}

async function send(id: string, words: string[], options: SendOptions): Promise<void> {
  const host = openHost(options);
  const task = findTask(host.workspace, id, host.clock.now());
  const text = words.length === 0 ? await readInput(options) : bytesOf(words.join(' '), options);
  const bytes = options.enter ? Buffer.concat([text, Buffer.from('\r')]) : text;
  await sendInput(task, bytes);
  if (options.json) await writeJson({ id: task.id, bytes: bytes.length });
}

function bytesOf(text: string, { raw }: SendOptions): Buffer {
  return raw ? Buffer.from(text, 'utf8') : interpretEscapes(text);
}

async function readInput({ enter }: SendOptions): Promise<Buffer> {
  if (process.stdin.isTTY) {
    if (enter) return Buffer.alloc(0);
    throw new HoldfastError(
      'input.invalid',
      'say what to type, for example: holdfast send 4 "y\\n"',
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
