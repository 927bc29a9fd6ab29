/**
 * The agents' tools by the name that the agents of this project use; the editor knows each as `holdfast_…`. Here as well
 * as in package.json, so that a window can offer them before it has loaded any of them.
 */
export const toolNames = [
  'bash',
  'bash_output',
  'kill_bash',
  'list_bashes',
  'restart_bash',
  'send_bash',
  'read',
  'write',
  'edit',
  'glob',
  'grep',
] as const;

/** Keeps what the user allows, and goes on with the call that waits for it. Not in the palette. */
export const ALLOW_COMMAND = 'holdfast.permissions.allowOffered';

/**
 * Makes a call that our own chat has to ask the user about. The editor may be told to allow a tool for a whole session,
 * which for a shell would be to allow everything; this one is left out of that, so that each call is a question.
 */
export const CONFIRMED_TOOL = 'holdfast_confirmed';

export function editorToolName(name: string): string {
  return `holdfast_${name}`;
}
