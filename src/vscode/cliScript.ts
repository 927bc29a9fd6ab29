import path from 'node:path';

/** The built command line, beside the extension's own bundle. */
export function cliScript(): string {
  return path.join(import.meta.dirname, 'cli.cjs');
}
