import type { Clock } from '../../common/clock.ts';
import type { Approval } from '../../permissions/approval.ts';
import { approveRule, readCountingApprovals } from '../../permissions/approvals.ts';
import type { PermissionMode } from '../../permissions/decide.ts';
import { decideInWorkspace } from '../../permissions/decideInWorkspace.ts';
import { realPathsOf } from '../../permissions/realPaths.ts';
import { isPathTool } from '../../permissions/rule.ts';
import { suggestRules } from '../../permissions/suggestRules.ts';
import { textArgument, type ToolInput } from '../../permissions/toolInput.ts';
import { toolPathsOf } from '../../permissions/toolPaths.ts';
import type { Journal } from '../../sessions/journal.ts';
import { snapshotOf } from '../../sessions/sessionRecord.ts';
import type { SessionStore } from '../../sessions/sessionStore.ts';
import type { Workspace } from '../../store/workspace.ts';
import { findTask, listTasks } from '../../tasks/listTasks.ts';
import { globDirectory } from '../files/search/globPattern.ts';
import { anchorRules } from './anchorRules.ts';
import { summariseCall, type CallSummary } from './callSummary.ts';
import { isHarmlessTool, permissionSubject, type PermissionSubject } from './toolPermission.ts';

export interface PermissionGateOptions {
  readonly workspace: Workspace;
  readonly store: SessionStore;
  /** Of the session; without one, what is allowed for the session lasts as long as this gate. */
  readonly journal?: Journal | undefined;
  /**
   * Where the agent works, by its real path, if not in the workspace's folder: what else lies there is then as far away
   * as anything. Rules go on being written for the workspace's folder.
   */
  readonly root?: string | undefined;
  /** Real paths of further folders that the user has open: as good as the workspace's own. */
  readonly folders?: () => readonly string[];
  readonly clock: Clock;
  /** Recorded as who decided. */
  readonly face: string;
  readonly mode: () => PermissionMode;
  /** Where the agent's next command runs. */
  readonly cwd: () => string;
  /** Undefined: after 30 days; null: never. */
  readonly expiryDays?: () => number | null | undefined;
}

/** Whether a call may be made, in a form to show and to answer. */
export interface Judgement extends CallSummary {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly reason: string;
  readonly rule: string | undefined;
  /** As rules name it. */
  readonly tool: string;
  /** Rules that would allow it from now on; none where asking each time is the only sensible thing. */
  readonly offers: readonly string[];
  /** What the call may reach besides the approved directories, once it is allowed. */
  readonly approvedPaths: readonly string[];
}

/** `session` and `always` keep the rules that were offered. */
export type PermissionAnswer =
  | { readonly kind: 'once' | 'session' | 'always' }
  | { readonly kind: 'deny'; readonly message?: string; readonly stop?: boolean };

/** Reading in the workspace needs no word of the user, unless a rule says so. */
const readingByDefault: Approval = {
  rule: 'Read',
  directory: undefined,
  realPath: undefined,
  decision: 'allow',
  by: 'default',
  scope: 'session',
  givenAtMs: 0,
  expiresAtMs: undefined,
};

function openFolder(realPath: string): Approval {
  return { ...readingByDefault, rule: undefined, directory: realPath, realPath };
}

/** Stands between an agent and its tools. */
export class PermissionGate {
  readonly #options: PermissionGateOptions;
  /** Given for a session that has no journal: they last as long as this object. */
  readonly #unkept: Approval[] = [];

  constructor(options: PermissionGateOptions) {
    this.#options = options;
  }

  /** @throws HoldfastError `file.unreadable` when the approvals cannot be read. */
  async judge(name: string, input: unknown): Promise<Judgement> {
    const subject = this.#subjectOf(name, input);
    const approvals = [...this.#approvals(), readingByDefault];
    const use = { ...subject, approvals, nowMs: this.#options.clock.now() };
    const decided = await decideInWorkspace(this.#workspace, use, this.#options.mode());
    const isFree =
      decided.decision === 'ask' &&
      decided.rule === undefined &&
      (isHarmlessTool(name) || this.#endsOwnTasks(name, subject.input));
    const decision = isFree ? 'allow' : decided.decision;
    return {
      decision,
      reason: isFree ? 'it is about tasks that Holdfast runs' : decided.reason,
      rule: decided.rule,
      tool: subject.tool,
      ...this.#summarise(name, subject),
      offers: decision === 'ask' ? await this.#offersFor(use) : [],
      approvedPaths: decision === 'deny' ? [] : this.#pathsOf(subject),
    };
  }

  /**
   * Keeps what the user has answered, where it is to be kept.
   * @throws HoldfastError `home.unsafe`, `home.notWritable`, `disk.full`, `session.notFound`.
   */
  keep({ offers }: Judgement, { kind }: PermissionAnswer): void {
    if (kind !== 'session' && kind !== 'always') return;
    const { workspace, journal, clock, face, expiryDays } = this.#options;
    const ofSession = journal ?? { append: () => undefined };
    const place = kind === 'session' ? { workspace, journal: ofSession } : { workspace };
    const terms = { by: face, nowMs: clock.now(), expiresAfterDays: expiryDays?.() };
    for (const rule of offers) {
      const approval = approveRule(place, rule, 'allow', terms);
      if (kind === 'session' && journal === undefined) this.#unkept.push(approval);
    }
  }

  /** As decisions see it: its folder is where the agent works. */
  get #workspace(): Workspace {
    const { workspace, root } = this.#options;
    return root === undefined ? workspace : { ...workspace, folder: root };
  }

  #approvals(): readonly Approval[] {
    const { workspace, store, journal, root } = this.#options;
    const session = journal === undefined ? undefined : store.fold(journal.id).state;
    const given = [...readCountingApprovals(workspace, session).approvals, ...this.#unkept];
    const folders = this.#options.folders?.() ?? [];
    const isMoved = root !== undefined && root !== workspace.folder;
    const rules = isMoved
      ? anchorRules(given, { base: workspace.folder, folders: [root, ...folders] })
      : given;
    return [...rules, ...folders.map(openFolder)];
  }

  #summarise(name: string, subject: PermissionSubject): CallSummary {
    const { workspace, clock } = this.#options;
    const { folder: root } = this.#workspace;
    return summariseCall(name, subject, { workspace, root, nowMs: clock.now() });
  }

  /** The session's own tasks may be ended without a question, those of the user and of other sessions may not. */
  #endsOwnTasks(name: string, input: ToolInput): boolean {
    const { workspace, clock, store, journal } = this.#options;
    if (name !== 'kill_bash' || journal === undefined || typeof input === 'string') return false;
    const ids = input['bash_ids'];
    if (input['all'] === true || !Array.isArray(ids) || ids.length === 0) return false;
    const own = store.fold(journal.id).state.tasks;
    const { tasks } = listTasks(workspace, clock.now());
    return ids.every((id) => {
      const task = own.get(String(id));
      return task !== undefined && snapshotOf(task, tasks) !== undefined;
    });
  }

  /** Running a task again is running its command. */
  #subjectOf(name: string, input: unknown): PermissionSubject {
    const { workspace, clock, cwd } = this.#options;
    const subject = permissionSubject(name, input, cwd());
    if (name !== 'restart_bash' || typeof subject.input === 'string') return subject;
    const id = subject.input['bash_id'];
    const task = findTask(workspace, typeof id === 'string' ? id : '', clock.now());
    return { tool: 'Bash', input: { command: task.command }, cwd: task.cwd };
  }

  /** Only rules that would really allow the call: what is asked about each time is not offered. */
  async #offersFor(use: PermissionSubject & { approvals: Approval[]; nowMs: number }) {
    const { mode } = this.#options;
    const offers = await suggestRules(use);
    if (offers.length === 0) return [];
    const added = offers.map((rule) => ({ ...readingByDefault, rule }));
    const approvals = [...use.approvals, ...added];
    const { decision } = await decideInWorkspace(this.#workspace, { ...use, approvals }, mode());
    return decision === 'allow' ? offers : [];
  }

  #pathsOf({ tool, input }: PermissionSubject): readonly string[] {
    const { folder } = this.#workspace;
    if (!isPathTool(tool)) return [];
    const given = toolPathsOf(tool, input, folder);
    if ('reason' in given) return [];
    const pattern = tool === 'Glob' ? textArgument(input, 'pattern') : undefined;
    // Of a pattern, the directory in which its names are looked for.
    const paths =
      pattern === undefined ? given.paths : [globDirectory(pattern, textArgument(input, 'path'))];
    return paths.flatMap((each) => realPathsOf(each, folder) ?? []);
  }
}
