import path from 'node:path';
import type { Command } from 'commander';
import { decideInWorkspace } from '../../core/permissions/decideInWorkspace.ts';
import { suggestRules } from '../../core/permissions/suggestRules.ts';
import { currentDirectory } from '../context.ts';
import { writeJson, writeLine } from '../stdio.ts';
import { approvalJson, approvalTable } from './approvalTable.ts';
import { parseToolInput, requireToolName } from './parseInput.ts';
import { compileWasmOnce } from './shortLived.ts';
import { openScope, readScope, type PermissionOptions } from './scope.ts';

interface CheckOptions extends PermissionOptions {
  readonly cwd?: string;
}

/** `holdfast permissions list` */
export async function listPermissions(command: Command): Promise<void> {
  const options = command.optsWithGlobals<PermissionOptions>();
  const scope = openScope(options);
  const { approvals } = readScope(scope);
  const nowMs = scope.host.clock.now();
  if (options.json) {
    await writeJson(approvals.map((each) => approvalJson(each, scope.session, nowMs)));
  } else if (approvals.length === 0) {
    await writeLine(`No permissions have been given in ${scope.host.workspace.folder}.`);
  } else {
    await writeLine(approvalTable(approvals, nowMs).join('\n'));
  }
}

/** `holdfast permissions check TOOL INPUT` */
export async function checkPermission(tool: string, text: string, command: Command): Promise<void> {
  const options = command.optsWithGlobals<CheckOptions>();
  const wanted = { tool: requireToolName(tool), input: parseToolInput(text) };
  compileWasmOnce();
  const scope = openScope(options);
  const { workspace, clock } = scope.host;
  const { approvals } = readScope(scope);
  const cwd = options.cwd && path.resolve(currentDirectory(), options.cwd);
  const decision = await decideInWorkspace(workspace, {
    ...wanted,
    cwd,
    approvals,
    nowMs: clock.now(),
  });
  if (options.json) {
    const { decision: answer, rule, reason } = decision;
    await writeJson({ decision: answer, rule: rule ?? null, reason });
    return;
  }
  await writeLine(`${decision.decision}  ${decision.reason}`);
  if (decision.decision !== 'ask' || decision.rule !== undefined) return;
  const rules = await suggestRules({ ...wanted, approvals, nowMs: clock.now() });
  for (const rule of rules) await writeLine(`  holdfast permissions allow ${quote(rule)}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
