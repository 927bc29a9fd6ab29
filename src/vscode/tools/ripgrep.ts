import { existsSync } from 'node:fs';
import path from 'node:path';

/** The ripgrep that the editor ships, which has lain in different places; undefined where there is none. */
export function findRipgrep(appRoot: string): string | undefined {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${process.platform}-${process.arch}`;
  return ['node_modules', 'node_modules.asar.unpacked']
    .flatMap((modules) => [
      path.join(appRoot, modules, '@vscode/ripgrep/bin', name),
      path.join(appRoot, modules, '@vscode/ripgrep-universal/bin', target, name),
    ])
    .find((file) => existsSync(file));
}
