import os from 'node:os';
import type { RuleApproval } from './approval.ts';
import { findDenial } from './decidePath.ts';
import { specialFilesOf } from './globbedFiles.ts';
import { mayMeanShape } from './pathPattern.ts';
import { isParent, shapeOfNames, shapeOfText, splitKnown, type PathShape } from './pathShape.ts';
import { locate, type Places } from './places.ts';
import { isOpen, namesOf, type Piece } from './shell/pieces.ts';

/** Where a command line is while it runs, as far as that is known. */
export interface WorkingDirectories {
  readonly directories: readonly string[];
  /** It changes to a directory that only the run tells. */
  readonly isLost: boolean;
}

/** The first rule that may be about a file which the pieces of a path stand for. */
export function findPossibleDenial(
  rules: readonly RuleApproval[],
  pieces: readonly Piece[],
  where: WorkingDirectories,
  places: Places,
): RuleApproval | undefined {
  if (rules.length === 0) return undefined;
  const path = withHome(pieces);
  const shapes = shapesOf(path, where);
  const by = rules.find(({ rule: { specifier } }) =>
    shapes.some((shape) => specifier === undefined || mayMeanShape(specifier, shape, places)),
  );
  return by ?? findBehindLinks(rules, path, where, places);
}

function withHome(pieces: readonly Piece[]): readonly Piece[] {
  const [first, ...rest] = pieces;
  return first?.kind === 'home' ? [{ kind: 'text', text: os.homedir() }, ...rest] : pieces;
}

/** All that a path may be: what stands before a variable, or before a `..` behind a pattern, says nothing. */
function shapesOf(pieces: readonly Piece[], where: WorkingDirectories): readonly PathShape[] {
  const variable = pieces.findLastIndex(isOpen);
  const behind = namesOf(pieces.slice(variable + 1));
  const { known, names } = splitKnown(pieces);
  const upwards = (variable === -1 ? names : behind).findLastIndex(isParent);
  if (upwards !== -1) {
    const rest = (variable === -1 ? names : behind).slice(upwards + 1);
    if (rest.length === 0) return [['ANY']];
    return rest.map((_name, index) => ['ANY', '/', ...shapeOfNames(rest.slice(0, index + 1))]);
  }
  // Behind a variable no name begins: it may end with the directory, or amid a name.
  if (variable !== -1) {
    return behind.flatMap((name, index) =>
      name.length === 0 && behind.length > 1
        ? []
        : [['ANY', ...shapeOfNames(behind.slice(0, index + 1), { isContinued: true })]],
    );
  }
  const below = ['/', ...shapeOfNames(names)];
  const located = locate(known || '.', where.directories);
  if ('reason' in located) return [['ANY', ...below]];
  const isRelative = !/^([A-Za-z]:)?[/\\]/.test(known);
  return [
    ...located.paths.map((each) => [...shapeOfText(toSlashes(each)), ...below]),
    ...(where.isLost && isRelative ? [['ANY', ...below]] : []),
  ];
}

function toSlashes(path: string): string {
  return path.split(/[\\/]/).join('/').replace(/\/$/, '');
}

/** A pattern may find a link that leads to what is denied. */
function findBehindLinks(
  rules: readonly RuleApproval[],
  pieces: readonly Piece[],
  { directories }: WorkingDirectories,
  places: Places,
): RuleApproval | undefined {
  if (pieces.some(isOpen) || !pieces.some(({ kind }) => kind === 'pattern')) return undefined;
  const { known, names } = splitKnown(pieces);
  const located = locate(known || '.', directories);
  const starts = 'paths' in located ? located.paths : [];
  for (const start of starts) {
    const found = specialFilesOf(names, start);
    if (found === undefined) return rules[0];
    for (const each of found) {
      const leads = locate(each, directories);
      const by = 'paths' in leads ? findDenial(rules, leads.paths, places) : undefined;
      if (by !== undefined) return by;
    }
  }
  return undefined;
}
