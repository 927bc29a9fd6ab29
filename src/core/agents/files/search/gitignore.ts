import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globToRegExp } from './globPattern.ts';

interface IgnoreRule {
  readonly expression: RegExp;
  readonly isNegated: boolean;
  readonly isForDirectories: boolean;
}

/** What the .gitignore files say from one directory down. */
export interface IgnoreRules {
  readonly directory: string;
  readonly rules: readonly IgnoreRule[];
  readonly parent: IgnoreRules | undefined;
}

/** Adds what a directory's own .gitignore says; a deeper file beats those above. */
export function readIgnoreRules(directory: string, parent: IgnoreRules | undefined): IgnoreRules {
  const text = tryRead(path.join(directory, '.gitignore'));
  const rules = text.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []);
  if (rules.length === 0 && parent !== undefined) return parent;
  return { directory, rules, parent };
}

/** Those of the directories from a root down to a directory, which is below it. */
export function ignoreRulesAbove(root: string, directory: string): IgnoreRules | undefined {
  const relative = path.relative(root, directory);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  let rules: IgnoreRules | undefined;
  let current = root;
  for (const name of relative.split(path.sep)) {
    rules = readIgnoreRules(current, rules);
    current = path.join(current, name);
  }
  return rules;
}

export function isIgnored(
  { directory, rules, parent }: IgnoreRules,
  absolutePath: string,
  isDirectory: boolean,
): boolean {
  const relative = path.relative(directory, absolutePath).split(path.sep).join('/');
  for (const rule of rules.toReversed()) {
    if (rule.isForDirectories && !isDirectory) continue;
    if (rule.expression.test(relative)) return !rule.isNegated;
  }
  return parent !== undefined && isIgnored(parent, absolutePath, isDirectory);
}

function parseRule(line: string): IgnoreRule | undefined {
  const text = line.replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#')) return undefined;
  const isNegated = text.startsWith('!');
  const pattern = text.slice(isNegated ? 1 : 0);
  const isForDirectories = pattern.endsWith('/');
  const body = pattern.replace(/\/+$/, '');
  if (body === '') return undefined;
  const isAnchored = body.includes('/');
  // Braces have no meaning to git.
  const glob = body.replace(/^\//, '').replaceAll(/[{}]/g, String.raw`\$&`);
  const expression = globToRegExp(isAnchored ? glob : `**/${glob}`);
  return expression && { expression, isNegated, isForDirectories };
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
