import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../common/errors.ts';

const MAX_LINKS = 40;
const CANNOT_TELL = Symbol('cannot tell');
const TRAILING_SEPARATORS = path.sep === '/' ? /\/+$/ : /[\\/]+$/;
const LAST_PART = path.sep === '/' ? /[^/]*$/ : /[^\\/]*$/;

/**
 * Where a path leads, with every link followed. A path that does not exist (yet) leads below its nearest existing
 * ancestor; a link whose target is missing leads to that target, since writing through it creates the target.
 * Programs differ in what `..` behind a link means, so there may be two answers. Undefined: it leads nowhere we can
 * tell (a circle of links, a `..` below what does not exist, no permission to look).
 */
export function realPathsOf(text: string, directory: string): readonly string[] | undefined {
  // Not path.join, which takes `..` away before any link is followed.
  const whole = path.isAbsolute(text) ? text : `${directory}${path.sep}${text}`;
  const byText = realPathOf(path.resolve(whole), MAX_LINKS);
  if (byText === undefined) return undefined;
  if (!/(^|[\\/])\.\.([\\/]|$)/.test(text)) return [byText];
  const bySystem = realPathOf(whole, MAX_LINKS);
  if (bySystem === undefined) return undefined;
  return byText === bySystem ? [byText] : [byText, bySystem];
}

function realPathOf(whole: string, linksLeft: number): string | undefined {
  try {
    return realpathSync.native(whole);
  } catch {
    // Not there, or not to be entered.
  }
  const trimmed = whole.replace(TRAILING_SEPARATORS, '');
  const name = LAST_PART.exec(trimmed)?.[0] ?? '';
  // The root, which is always there; or a drive that is not.
  if (name === '' || name === trimmed || name === '..' || linksLeft === 0) return undefined;
  const target = readLink(trimmed);
  if (target === CANNOT_TELL) return undefined;
  const above = trimmed.slice(0, -name.length);
  const parent = realPathOf(above, linksLeft);
  if (parent === undefined) return undefined;
  if (target === undefined) return name === '.' ? parent : path.join(parent, name);
  return realPathOf(
    path.isAbsolute(target) ? target : `${parent}${path.sep}${target}`,
    linksLeft - 1,
  );
}

/** The target of a link; undefined for what is no link or is not there. */
function readLink(whole: string): string | undefined | typeof CANNOT_TELL {
  try {
    return lstatSync(whole).isSymbolicLink() ? readlinkSync(whole) : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : CANNOT_TELL;
  }
}
