import { InvalidArgumentError, type Command } from 'commander';
import { DEFAULT_EXPIRY_DAYS } from '../../core/permissions/approval.ts';
import * as change from '../permissions/changePermissions.ts';
import * as show from '../permissions/showPermissions.ts';
import { addCommand } from '../program.ts';

const MAX_EXPIRY_DAYS = 3650;
const SESSION: [string, string] = [
  '--session <id>',
  'the approvals of a session (default: of the workspace)',
];
const RULE = 'Tool or Tool(what): "Bash(npm run test:*)", "Edit(src/**)", "WebFetch(domain:x.org)"';

export function define(program: Command): void {
  const permissions = addCommand(program, 'permissions', {
    summary: 'what tools may do without asking: list, change and check it',
    details:
      'Without a command of its own it lists the approvals. Deny beats ask beats allow; what nothing allows is asked about.',
    example: 'holdfast permissions\nholdfast permissions allow "Bash(npm run test:*)"',
  })
    .enablePositionalOptions()
    .option(...SESSION)
    .action((_options, command: Command) => show.listPermissions(command));
  defineReading(permissions);
  defineChanges(permissions);
}

function defineReading(permissions: Command): void {
  addCommand(permissions, 'list', {
    summary: 'list the approvals, those that have expired included',
    example: 'holdfast permissions list --json',
  })
    .option(...SESSION)
    .action((_options, command: Command) => show.listPermissions(command));
  addCommand(permissions, 'check', {
    summary: 'say whether a tool may do something, and why',
    details: 'Nothing is run. The exit status is 0 whatever the answer is.',
    example: 'holdfast permissions check Bash "npm test && rm -rf build"',
  })
    .argument('<tool>', 'Bash, Read, Edit, Write, WebFetch, mcp__server__tool, …')
    .argument(
      '[input]',
      'a command, a path, an address; or a JSON object of arguments; - for stdin',
      '',
    )
    .option('--cwd <dir>', 'where it would run (default: the workspace)')
    .option('--session <id>', 'count the approvals of this session as well')
    .action((tool: string, input: string, _options, command: Command) =>
      show.checkPermission(tool, input, command),
    );
}

function defineChanges(permissions: Command): void {
  const change3 = [
    ['allow', 'never ask about what a rule covers'],
    ['ask', 'always ask about what a rule reaches, even if another one allows it'],
    ['deny', 'refuse what a rule reaches, whatever allows it'],
  ] as const;
  for (const [decision, summary] of change3) {
    const command = addCommand(permissions, decision, {
      summary,
      example: `holdfast permissions ${decision} "Bash(git push:*)"`,
    })
      .argument('<rule>', RULE)
      .option(...SESSION)
      .action((rule: string, _options, own: Command) => change.decideRule(decision, rule, own));
    if (decision === 'allow') addExpiry(command);
  }
  addExpiry(
    addCommand(permissions, 'add-dir', {
      summary: 'let tools work in a directory besides the workspace',
      example: 'holdfast permissions add-dir ../shared --expires 7',
    })
      .argument('<dir>', 'the directory')
      .option(...SESSION)
      .action((dir: string, _options, own: Command) => change.allowDirectory(dir, own)),
  );
  addCommand(permissions, 'revoke', {
    summary: 'take back what was said of a rule or a directory',
    example: 'holdfast permissions revoke "Bash(npm run test:*)"',
  })
    .argument('<rule>', 'the rule or the directory, as it is listed')
    .option(...SESSION)
    .action((rule: string, _options, own: Command) => change.revokeRule(rule, own));
}

function addExpiry(command: Command): void {
  command.option(
    '--expires <days>',
    `after how many days it is asked about again, or "never" (default: ${DEFAULT_EXPIRY_DAYS})`,
    parseExpiry,
  );
}

function parseExpiry(text: string): number | 'never' {
  if (text === 'never') return text;
  const days = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (days > 0 && days <= MAX_EXPIRY_DAYS) return days;
  throw new InvalidArgumentError(`It is a number of days up to ${MAX_EXPIRY_DAYS}, or never.`);
}
