import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from '../support/paths.mjs';
import { npm } from '../support/run.mjs';

/** The tests by which the protocol's authors judge servers. They need Node 22; see the test that runs them. */
const version = '0.1.16';
const home = path.join(cacheDir, `mcp-conformance-${version}`);

/** Where its program is, or would be. */
export const conformanceProgram = path.join(
  home,
  'node_modules/@modelcontextprotocol/conformance/dist/index.js',
);

/**
 * Installs it in the project's cache folder, unless it is there. Where that cannot be done the test says so, and fails
 * on a build machine.
 */
export async function ensureMcpConformance() {
  if (existsSync(conformanceProgram)) return;
  console.log(`Installing the conformance tests of MCP ${version}…`);
  const draft = path.join(cacheDir, `installing-mcp-conformance-${process.pid}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const wanted = `@modelcontextprotocol/conformance@${version}`;
    await npm(['install', '--prefix', draft, ...flags, wanted], { cwd: draft, quiet: true });
    await rename(draft, home).catch((error) => {
      // Another run of ours was faster; its result is as good.
      if (!existsSync(conformanceProgram)) throw error;
    });
  } catch (error) {
    console.log(`The conformance tests of MCP cannot be installed: they are skipped. ${error}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
