import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isDurableType, lineSchemas } from '../../../src/core/sessions/journalLines.ts';

const whole = readFileSync(path.join(import.meta.dirname, '../../../docs/data-format.md'), 'utf8');
const text = whole.slice(whole.indexOf('### Lines of a journal'));

describe('the description of a journal', () => {
  it('has each type of line with its fields, and whether it is on the disk at once', () => {
    for (const [type, schema] of Object.entries(lineSchemas)) {
      const [, star, cells] =
        new RegExp(`^\\| \`${type}\`( \\\\\\*)? *\\|(.*)$`, 'm').exec(text) ?? [];
      assert.ok(cells !== undefined, type);
      assert.equal(star !== undefined, isDurableType(type), type);
      // What is said of an approval stands in its own section.
      if (type === 'permission') continue;
      for (const field of Object.keys(schema.entries)) {
        assert.ok(cells.includes(`\`${field}\``), `${type}: ${field}`);
      }
    }
  });
});
