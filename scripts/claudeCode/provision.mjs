import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from '../support/paths.mjs';
import { mustRun, npm } from '../support/run.mjs';

/**
 * The real Claude Code, for tests alone: never bundled, and run only against a stand-in for its service. The first is
 * the one whose formats are written down here; the last is the newest that was looked at. A newer one is tried by
 * adding it, and the canary test then says which fact has changed.
 *
 * @type {Record<string, Record<string, string>>} version → platform → integrity of its npm package
 */
const known = {
  '2.1.197': {
    'linux-x64':
      'sha512-rIlKmrY0QMyHgPRX/MYWNj039vbypICvI9jVe3rs9Xy2RnNklySjyPxqh62QadznzoftEO23uYQ1tFePcQ//bg==',
    'linux-arm64':
      'sha512-sx6SoGj3MNR5CV+YDkNtbLHXa1tn3G8qcYFgm1gnvOi9ODQUKbhiPfankJfkTMDVekOvnKJhm6i9hGFIPzp7cQ==',
    'darwin-arm64':
      'sha512-1FOVhJzkKGWgOEEsvaK3ylCEmjKeJiXwfKl7RtNEbiDj7OxhRQ1G1CLN0HGDTTq1QwY+Dm2x1Yscdv5NfobAxQ==',
  },
  '2.1.330': {
    'linux-x64':
      'sha512-9Gn+V7DtJ8M1nztP9CeDVl9g3RtrepI7rOFTyPRRnZe8D6zebIHKmC7OvBauucuAP0X0k85SDN/LPVZyjsGezQ==',
    'linux-arm64':
      'sha512-V4yanAY5EA5UpwwRPtjSfqDbNqAlUJeVn3NYZw2AgmRHjdpSsLtHAzbxRXfkAnbjwTXzE0uedjQxUY02ARPcsA==',
    'darwin-arm64':
      'sha512-rgzAjrRJJsIdZXGF9CCFFbURxKuJNobRr+krV3dNmqNJWIws74rLD0CABe4+nXlx/9WwRECTrveprWB96mubqw==',
  },
};

export const claudeVersions = Object.keys(known);

/**
 * Where the program of a version is, or would be; undefined where none is made for this platform.
 * @param {string} version
 */
export function claudeProgram(version) {
  if (known[version]?.[`${process.platform}-${process.arch}`] === undefined) return undefined;
  return path.join(cacheDir, `claude-${version}`, 'claude');
}

/**
 * Installs every known version in the project's cache folder, unless it is there. Where that cannot be done the tests
 * that need it say so, and fail on a build machine.
 */
export async function ensureClaude() {
  for (const version of claudeVersions) {
    const program = claudeProgram(version);
    if (program === undefined) {
      console.log(`Claude Code ${version} is not made for this platform: its tests are skipped.`);
    } else if (!existsSync(program)) {
      await install(version).catch((error) => {
        console.log(`Claude Code ${version} cannot be installed: its tests are skipped. ${error}`);
      });
    }
  }
}

/**
 * Builds in a folder of its own and renames at the end: what has the final name is whole.
 * @param {string} version
 */
async function install(version) {
  const platform = `${process.platform}-${process.arch}`;
  const name = `claude-code-${platform}`;
  console.log(`Installing Claude Code ${version} for the tests…`);
  const draft = path.join(cacheDir, `installing-claude-${version}-${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    const pack = ['pack', '--silent', `@anthropic-ai/${name}@${version}`];
    await npm([...pack, '--pack-destination', draft], { quiet: true, cwd: draft });
    const tarball = path.join(draft, `anthropic-ai-${name}-${version}.tgz`);
    const digest = createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64');
    if (`sha512-${digest}` !== known[version]?.[platform]) {
      throw new Error(`The package ${name} ${version} is not the one we know.`);
    }
    await mustRun('tar', ['-xzf', tarball, '--strip-components=1', '-C', draft], { quiet: true });
    await rm(tarball);
    const home = path.join(cacheDir, `claude-${version}`);
    await rm(home, { recursive: true, force: true });
    await rename(draft, home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
