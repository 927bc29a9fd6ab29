import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: { readonly commands?: readonly { readonly command: string }[] };
}

function holdfast(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('holdfast.holdfast');
  assert.ok(extension, 'the extension is not installed');
  return extension;
}

describe('activation', () => {
  it('happens by itself once the window is ready', async () => {
    const extension = holdfast();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that the manifest contributes', async () => {
    const extension = holdfast();
    await extension.activate();
    const contributed = (extension.packageJSON as Manifest).contributes.commands ?? [];
    assert.notEqual(contributed.length, 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributed.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  });
});
