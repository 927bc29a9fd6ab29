import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFolder, decideCommand } from './folder.ts';
import { hostileCommands, innocentRules } from './hostileCommands.ts';
import { programRules, redTeamCommands } from './redTeamCommands.ts';

describe('a command with a trick in it is never allowed by approvals of its innocent part', () => {
  for (const [trick, commands] of Object.entries(hostileCommands)) {
    it(`${trick} (${commands.length})`, async (t) => {
      const { folder } = await createFolder(t);
      for (const command of commands) {
        const { decision, reason } = await decideCommand(folder, command, { allow: innocentRules });
        assert.equal(decision, 'ask', `${JSON.stringify(command.slice(0, 200))}: ${reason}`);
        assert.notEqual(reason, '');
      }
    });
  }

  it('holds no fewer than 300 of them', () => {
    assert.ok(Object.values(hostileCommands).flat().length >= 300);
  });
});

describe('an approval of a program says nothing about', () => {
  for (const [attacked, commands] of Object.entries(redTeamCommands)) {
    it(`${attacked} (${commands.length})`, async (t) => {
      const { folder } = await createFolder(t);
      for (const command of commands) {
        const { decision, reason } = await decideCommand(folder, command, { allow: programRules });
        assert.equal(decision, 'ask', `${JSON.stringify(command)}: ${reason}`);
      }
    });
  }
});

describe('a rule for all commands', () => {
  it('does not answer what always has to be asked about', async (t) => {
    const { folder } = await createFolder(t);
    const tricks = [
      'substitution',
      'here-documents',
      'environment',
      'git',
      'redirections',
      'characters',
    ];
    for (const command of tricks.flatMap((trick) => hostileCommands[trick] ?? [])) {
      if (/^env (CI=1 )?rm/.test(command)) continue;
      const { decision } = await decideCommand(folder, command, { allow: ['Bash'] });
      assert.equal(decision, 'ask', command);
    }
  });
});
