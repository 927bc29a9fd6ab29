import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly markdown: string };
}

const root = path.resolve(import.meta.dirname, '../../..');
const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: {
    walkthroughs: readonly { readonly steps: readonly Step[] }[];
    commands: readonly { readonly command: string }[];
  };
};
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

test('the walkthrough leads to commands that there are, and shows pages that ship', () => {
  const own = contributes.commands.map(({ command }) => command);
  for (const { id, description, media } of steps) {
    const [, command = ''] = /\(command:([\w.]+)\)/.exec(description) ?? [];
    assert.ok(command.startsWith('workbench.') || own.includes(command), `${id}: ${command}`);
    assert.ok(existsSync(path.join(root, media.markdown)), media.markdown);
  }
});

test('the walkthrough has a step that protects Claude Code', () => {
  assert.ok(steps.some(({ description }) => description.includes('holdfast.claude.protect')));
});
