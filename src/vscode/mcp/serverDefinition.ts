import * as vscode from 'vscode';
import { HoldfastError } from '../../core/common/errors.ts';
import type { CommandScope } from '../commands/commandScope.ts';
import { cliScript } from '../cliScript.ts';

/** As package.json has it. */
const PROVIDER = 'holdfast';

/**
 * Offers the MCP server to the editor's own agents, for this window's tasks. In a folder that is not trusted nothing is
 * offered, since its tools start programs.
 */
export function registerMcpServer(
  context: vscode.ExtensionContext,
  scope: CommandScope,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition> = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => definitionsFor(context, scope),
    resolveMcpServerDefinition: (definition) => definition,
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, provider),
  );
}

function definitionsFor(
  context: vscode.ExtensionContext,
  scope: CommandScope,
): vscode.McpStdioServerDefinition[] {
  if (!vscode.workspace.isTrusted) return [];
  try {
    const { host } = scope.open();
    const { folder, home } = host.workspace;
    const definition = new vscode.McpStdioServerDefinition(
      'Holdfast',
      host.nodeExecutable,
      [cliScript(), 'mcp', '--workspace', folder, '--window', String(process.pid)],
      // Desktop VS Code's own executable is an Electron, which this turns into Node.
      { ELECTRON_RUN_AS_NODE: '1', HOLDFAST_HOME: home },
      versionOf(context),
    );
    definition.cwd = vscode.Uri.file(folder);
    return [definition];
  } catch (error) {
    // A window without a folder on a disk has no tasks; anything else is told where somebody asks for tasks.
    if (!HoldfastError.is(error)) throw error;
    scope.log.debug('mcp.notOffered', { code: error.code });
    return [];
  }
}

function versionOf(context: vscode.ExtensionContext): string {
  const { version } = context.extension.packageJSON as { version?: unknown };
  return typeof version === 'string' ? version : '0';
}
