import path from 'node:path';
import type { Approval } from '../../permissions/approval.ts';
import { isPathTool, tryParseRule } from '../../permissions/rule.ts';

/** A workspace whose agents work in other folders than the one that its rules are written for. */
export interface Anchors {
  /** Where the relative paths of its rules begin. */
  readonly base: string;
  /** Real paths of the folders that are open. */
  readonly folders: readonly string[];
}

/**
 * The same rules for whoever takes relative paths from another folder: each begins at the root. One for a name in any
 * directory is about each open folder; what it forbids, it forbids beside them as well.
 */
export function anchorRules(approvals: readonly Approval[], anchors: Anchors): Approval[] {
  return approvals.flatMap((approval) => {
    const rule = approval.rule === undefined ? undefined : tryParseRule(approval.rule);
    if (rule?.specifier === undefined || !isPathTool(rule.tool)) return [approval];
    const { tool, specifier } = rule;
    const pattern = path.sep === '\\' ? specifier.replaceAll('\\', '/') : specifier;
    const relative = normalize(pattern.replace(/^\.?\//, ''));
    // Of a rule that leaves its folder nothing is covered, there as here.
    if (/^(\/\/|~\/)/.test(pattern) || /^\.\.(\/|$)/.test(relative)) return [approval];
    const isAnywhere = !relative.includes('/') || relative.startsWith('**/');
    return basesFor(approval, anchors, isAnywhere).map((base) => ({
      ...approval,
      rule: `${tool}(/${fromRoot(base)}/${placed(relative)})`,
    }));
  });
}

function basesFor(
  { decision }: Approval,
  { base, folders }: Anchors,
  isAnywhere: boolean,
): readonly string[] {
  const bases = isAnywhere
    ? [...new Set(decision === 'allow' ? folders : [base, ...folders])]
    : [base];
  // In a rule these stand for anything.
  return decision === 'allow' ? bases.filter((each) => !/[*?]/.test(each)) : bases;
}

function normalize(pattern: string): string {
  const normal = path.posix.normalize(pattern).replace(/\/$/, '');
  return normal === '.' || normal === '' ? '**' : normal;
}

/** A pattern without a slash is for that name in any directory. */
function placed(pattern: string): string {
  return pattern === '**' || pattern.includes('/') ? pattern : `**/${pattern}`;
}

/** `/home/ada`, and nothing for the root itself. */
function fromRoot(directory: string): string {
  const names = path.relative(path.parse(directory).root, directory).split(path.sep);
  return names.map((name) => (name === '' ? '' : `/${name}`)).join('');
}
