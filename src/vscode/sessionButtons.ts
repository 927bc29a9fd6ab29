import * as vscode from 'vscode';
import type { ErrorCode, HoldfastError } from '../core/common/errors.ts';

/** What one click does about a failure. */
export interface Button {
  readonly label: string;
  readonly run: () => unknown;
}

/** What helps when a session does not come up; none for other failures. */
export function sessionButtons({ code, data }: HoldfastError): Button[] {
  const ways = waysOut[code];
  if (ways === undefined) return [];
  const id = typeof data['id'] === 'string' ? data['id'] : undefined;
  return ways.map((way) => {
    const [label, command] = waysByName[way];
    const args = (way === 'repair' || way === 'branch' || way === 'resume') && id ? [id] : [];
    return { label, run: () => vscode.commands.executeCommand(command, ...args) };
  });
}

const waysByName = {
  repair: ['Repair', 'holdfast.sessions.repair'],
  branch: ['Branch It', 'holdfast.sessions.branch'],
  resume: ['Resume It', 'holdfast.sessions.resume'],
  latest: ['Continue Latest', 'holdfast.sessions.continue'],
  another: ['Pick Another', 'holdfast.sessions.resume'],
  fresh: ['Start Fresh', 'holdfast.sessions.new'],
  import: ['Import…', 'holdfast.sessions.import'],
} as const;

const waysOut: Partial<Record<ErrorCode, readonly (keyof typeof waysByName)[]>> = {
  'session.notFound': ['another', 'latest', 'fresh'],
  'session.none': ['fresh', 'import'],
  'session.damaged': ['repair', 'latest', 'another', 'fresh'],
  'session.newerVersion': ['latest', 'another', 'fresh'],
  'session.heldElsewhere': ['branch', 'another', 'fresh'],
  'session.directoryGone': ['latest', 'another', 'fresh'],
  'session.idTaken': ['resume', 'fresh'],
};
