import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { command: string }[];
    readonly menus: { readonly commandPalette: readonly { command: string; when?: string }[] };
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const settings = Object.keys(manifest.contributes.configuration.properties);
const commands = manifest.contributes.commands.map(({ command }) => command);

/** Those that only a row or a button of a view runs. */
const hidden = manifest.contributes.menus.commandPalette
  .filter(({ when }) => when === 'false')
  .map(({ command }) => command);

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
].map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }));
const readme = documents.find(({ name }) => name === 'README.md')?.text ?? '';

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe('the documents', () => {
  for (const { name, text } of documents) {
    it(`${name} links to files and headings that exist`, () => {
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const whole = path.join(root, path.dirname(name), file);
        assert.ok(file === '' || existsSync(whole), `${name} links to ${target}`);
        if (anchor === undefined) continue;
        const linked = file === '' ? text : readFileSync(whole, 'utf8');
        assert.ok(anchorsOf(linked).includes(anchor), `${name} links to ${target}`);
      }
    });

    it(`${name} names npm scripts, settings and commands that exist`, () => {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) {
        // What examples run in the user's own project is not ours.
        const isExample = ['dev', 'build', 'test', 'x', 'lint'].includes(script);
        assert.ok(isExample || script in manifest.scripts, `${name} names npm run ${script}`);
      }
      for (const [, id = ''] of text.matchAll(/`(holdfast(?:\.[a-zA-Z]+)+)`/g)) {
        assert.ok(settings.includes(id) || commands.includes(id), `${name} names ${id}`);
      }
    });
  }

  it('tell of every setting and every command of the palette', () => {
    const inPalette = commands.filter((command) => !hidden.includes(command));
    for (const id of [...settings, ...inPalette]) {
      assert.ok(readme.includes(`\`${id}\``), `README.md says nothing of ${id}`);
    }
  });

  it('name no home but that of “you”', () => {
    for (const { name, text } of documents) {
      assert.doesNotMatch(text, /\/(?:home|Users)\/(?!you\b)\w/, name);
    }
  });
});
