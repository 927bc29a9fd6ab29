import { HoldfastError, systemErrorCode, type ErrorCode } from './errors.ts';

/** What one click can do about a failure; the editor makes a button of it, with a label of its own. */
export type UserAction =
  | { readonly kind: 'showLog' }
  | { readonly kind: 'openSettings'; readonly setting: string }
  | { readonly kind: 'showFile'; readonly path: string }
  | { readonly kind: 'copyCommand'; readonly command: string }
  | { readonly kind: 'pickFolder' }
  | { readonly kind: 'manageTrust' }
  | { readonly kind: 'listTasks' }
  | { readonly kind: 'findOrphans' }
  | { readonly kind: 'setUpModel' };

export interface UserMessage {
  /** One sentence, without a full stop's worth of jargon. */
  readonly message: string;
  /** What to do, in one line; the command line prints it below the message. */
  readonly hint?: string;
  readonly action?: UserAction;
}

/** Says any failure in a user's words. The one place that does. */
export function userMessageFor(error: unknown): UserMessage {
  if (HoldfastError.is(error)) return words[error.code](new Facts(error));
  // What the system refused somewhere without our words still has them here.
  const code = codesOfSystem.get(systemErrorCode(error) ?? '');
  if (code !== undefined) return words[code](new Facts(new HoldfastError(code, String(error))));
  return { message: 'Something went wrong', action: { kind: 'showLog' } };
}

const codesOfSystem = new Map<string, ErrorCode>([
  ['ENOSPC', 'disk.full'],
  ['EDQUOT', 'disk.full'],
  ['EAGAIN', 'process.limitReached'],
  ['EMFILE', 'process.limitReached'],
  ['ENFILE', 'process.limitReached'],
]);

/** The `data` of an error, whose values nobody has checked. */
class Facts {
  readonly #error: HoldfastError;

  constructor(error: HoldfastError) {
    this.#error = error;
  }

  /** The technical message, for codes whose message is written for the user already. */
  get sentence(): string {
    return capitalized(this.#error.message);
  }

  text(name: string, otherwise: string): string {
    const value = this.#error.data[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
  }

  isTrue(name: string): boolean {
    return this.#error.data[name] === true;
  }

  list(name: string): string[] {
    const value = this.#error.data[name];
    return Array.isArray(value) ? value.map(String) : [];
  }
}

/** Begins a sentence. The id of a task stays as it is typed. */
export function capitalized(text: string): string {
  return /^bash_\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

type Words = (facts: Facts) => UserMessage;

const aboutStore = {
  'home.unsafe': (facts) => {
    const fix = facts.text('fix', '');
    const reason = facts.text('reason', 'other users can reach it');
    return {
      message: `The folder where Holdfast keeps its data is not safe to use, since ${reason}: ${facts.text('home', '')}`,
      ...(fix === ''
        ? { action: openSettings('holdfast.home') }
        : { hint: `To fix it: ${fix}`, action: { kind: 'copyCommand', command: fix } }),
    };
  },
  'home.notWritable': (facts) => ({
    message: `Holdfast cannot write its data (${facts.text('act', 'writing')}${inBrackets(facts.text('systemCode', ''))})`,
    hint: 'Check the permissions of that folder, or name another home with HOLDFAST_HOME or the setting holdfast.home.',
    action: openSettings('holdfast.home'),
  }),
  'disk.full': (facts) => ({
    message: `The disk is full or your quota is used up (${facts.text('act', 'writing')})`,
    hint: 'Make room and try again; `holdfast prune` deletes the logs of old tasks. Running tasks go on.',
    action: { kind: 'listTasks' },
  }),
  'file.unreadable': (facts) => {
    const file = facts.text('path', '');
    return {
      message: file === '' ? facts.sentence : `Holdfast cannot read ${file}`,
      hint: 'It was left as it is. `holdfast doctor` says more.',
      action: file === '' ? { kind: 'showLog' } : { kind: 'showFile', path: file },
    };
  },
  'workspace.none': (facts) => {
    const folder = facts.text('folder', '');
    return {
      message: folder === '' ? 'No folder is open' : `There is no folder ${folder}`,
      hint: 'Name an existing one with --workspace DIR.',
      action: { kind: 'pickFolder' },
    };
  },
  'workspace.untrusted': () => ({
    message: 'Nothing is started in a folder that you have not trusted',
    hint: 'Trust the folder in the editor first.',
    action: { kind: 'manageTrust' },
  }),
  'workspace.virtual': () => ({
    message: 'This folder is not on a disk, so no command can run in it',
    hint: 'Open a folder on this machine or on a remote one.',
    action: { kind: 'pickFolder' },
  }),
  'settings.outOfRange': (facts) => {
    const setting = facts.text('setting', 'holdfast');
    // The name of a variable of the environment has no dot.
    const isVariable = !setting.startsWith('holdfast');
    return {
      message: `The ${isVariable ? 'variable' : 'setting'} ${setting} cannot be used: ${facts.sentence}`,
      hint: `Correct ${setting} (now ${facts.text('value', 'unknown')}).`,
      ...(isVariable ? {} : { action: openSettings(setting) }),
    };
  },
} satisfies Partial<Record<ErrorCode, Words>>;

const aboutTasks = {
  'task.commandEmpty': () => ({
    message: 'There is no command to run',
    hint: 'For example: holdfast run -- npm run dev',
  }),
  'task.cwdMissing': (facts) => {
    const cwd = facts.text('cwd', '');
    return {
      message: facts.isTrue('isOurs')
        ? `The current directory does not exist any more: ${cwd}`
        : `The folder to run in does not exist: ${cwd}`,
      hint: facts.isTrue('isOurs')
        ? 'Change to another one (cd DIR), or name the folder that is meant with --workspace DIR.'
        : 'Create it again, or start the command in another one (--cwd DIR).',
      action: { kind: 'pickFolder' },
    };
  },
  'task.notFound': (facts) => {
    const known = facts.list('known');
    return {
      message: facts.sentence,
      hint:
        known.length === 0
          ? 'This workspace has no tasks; --workspace DIR names another one.'
          : `There are ${known.slice(-5).join(', ')}; \`holdfast tasks\` lists all.`,
      action: { kind: 'listTasks' },
    };
  },
  'task.notRunning': (facts) => ({
    message: `${facts.text('id', 'The task')} does not run any more`,
    hint: `\`holdfast restart ${facts.text('id', 'ID')}\` runs it again.`,
    action: { kind: 'listTasks' },
  }),
  'task.stillRunning': (facts) => ({
    message: `${facts.text('id', 'The task')} still runs`,
    hint: `End it first: holdfast kill ${facts.text('id', 'ID')}`,
    action: { kind: 'listTasks' },
  }),
  'task.tooMany': (facts) => ({
    message: `${facts.text('maxTasks', 'Too many')} tasks are running here, which is as many as are kept`,
    hint: 'End some first: `holdfast tasks` lists them, `holdfast kill ID` ends one.',
    action: { kind: 'listTasks' },
  }),
  'task.startFailed': (facts) => ({
    message: `The command could not be started: ${facts.sentence}`,
    hint: '`holdfast doctor` looks for the cause.',
    action: { kind: 'showLog' },
  }),
  'task.restartInProgress': (facts) => ({
    message: `${facts.sentence}, by another window or terminal`,
    hint: 'Look again in a moment: holdfast tasks',
    action: { kind: 'listTasks' },
  }),
  'task.logMissing': (facts) => ({
    message: `The log with this task's output was deleted: ${facts.text('path', '')}`,
    hint: 'What the task writes is lost until it is restarted (`holdfast restart ID`), which begins a new log.',
    action: { kind: 'listTasks' },
  }),
} satisfies Partial<Record<ErrorCode, Words>>;

function hintOfOthers(known: readonly string[]): string {
  return known.length === 0
    ? 'See which there are (holdfast sessions), go on with the latest (holdfast continue), or begin one (holdfast sessions new); --workspace DIR names another folder.'
    : `Pick another, such as ${known.join(', ')} (\`holdfast sessions\` lists all), or go on with the latest: holdfast continue`;
}

const aboutSessions = {
  'session.idInvalid': (facts) => ({
    message: `${facts.text('id', 'This')} cannot be the id of a session, since ${facts.text('reason', 'it has other characters')}`,
    hint: 'Use letters, digits, ".", "_" and "-", at most 64, for example project-main; or leave it out.',
  }),
  'session.idTaken': (facts) => ({
    message: `There is a session ${facts.text('id', 'of this id')} already`,
    hint: `Go on with it (holdfast resume ${facts.text('id', 'ID')}), or choose another id.`,
  }),
  'session.notFound': (facts) => {
    const [folder] = facts.list('folders');
    return {
      message: facts.sentence,
      hint:
        folder === undefined
          ? hintOfOthers(facts.list('known'))
          : `It belongs to another folder. Add this to the command: --workspace '${folder}'`,
    };
  },
  'session.none': () => ({
    message: 'There is no session here to continue',
    hint: 'Begin one with `holdfast sessions new`, or name another folder with --workspace DIR.',
  }),
  'session.damaged': (facts) => ({
    message: `Nothing of the session ${facts.text('id', '')} can be read: ${facts.text('reason', 'its journal is damaged')}`,
    hint: `Try \`holdfast sessions repair ${facts.text('id', 'ID')}\` (the damaged file is kept), go on with the latest session (holdfast continue), or begin a new one.`,
    action: { kind: 'copyCommand', command: `holdfast sessions repair ${facts.text('id', 'ID')}` },
  }),
  'session.newerVersion': (facts) => ({
    message: `The session ${facts.text('id', '')} was written by a newer Holdfast`,
    hint: `Update Holdfast to go on with it. Until then: holdfast sessions show ${facts.text('id', 'ID')} has what this version understands, holdfast sessions lists the others, and holdfast sessions new begins one.`,
  }),
  'session.heldElsewhere': (facts) => ({
    message: `The session ${facts.text('id', '')} is open in another window or program (process ${facts.text('pid', 'unknown')}, ${facts.text('face', 'unknown')})`,
    hint: `Close it there, or go on with a copy: holdfast sessions branch ${facts.text('id', 'ID')}`,
    action: {
      kind: 'copyCommand',
      command: `holdfast sessions branch ${facts.text('id', 'ID')}`,
    },
  }),
  'session.directoryGone': (facts) => ({
    message: `The folder of the session ${facts.text('id', '')} is gone: ${facts.text('folder', '')}`,
    hint: `Put the folder back, or take the session to another one: holdfast sessions export ${facts.text('id', 'ID')} --all-workspaces > session.json, and there: holdfast sessions import session.json`,
    action: {
      kind: 'copyCommand',
      command: `holdfast sessions export ${facts.text('id', 'ID')} --all-workspaces > session.json`,
    },
  }),
  'session.importInvalid': (facts) => ({
    message: `This is no session that can be imported: ${facts.text('reason', 'it has another shape')}`,
    hint: 'Import a file that `holdfast sessions export ID` or "Export Session" has written as JSON.',
  }),
} satisfies Partial<Record<ErrorCode, Words>>;

const aboutTerminals = {
  'terminal.unavailable': (facts) => ({
    message: `This build of Holdfast has no kept terminals for ${facts.text('platform', 'this system')} ${facts.text('arch', '')}`,
    hint: 'Install the build for your platform; tasks without a terminal (`holdfast run` without --tty) work with any.',
  }),
  'terminal.none': (facts) => ({
    message: `${facts.text('id', 'This task')} has no terminal`,
    hint: 'Only a task started with `holdfast run --tty`, or by Run Interactive Task, can be attached to or typed into.',
    action: { kind: 'listTasks' },
  }),
  'terminal.unreachable': (facts) => ({
    message: `The terminal of ${facts.text('id', 'this task')} does not answer`,
    hint: `See where it stands with \`holdfast tasks\`; \`holdfast restart ${facts.text('id', 'ID')}\` gives it a new terminal.`,
    action: { kind: 'listTasks' },
  }),
  'terminal.newerVersion': (facts) => ({
    message: `${facts.text('id', 'This task')} was started by another version of Holdfast, whose terminals this one cannot show`,
    hint: 'Update Holdfast on both sides, or restart the task.',
    action: { kind: 'listTasks' },
  }),
} satisfies Partial<Record<ErrorCode, Words>>;

const aboutClaude = {
  'claude.notInstalled': () => ({
    message: 'The program `claude` is not on your PATH',
    hint: 'Install Claude Code, or open a terminal where `claude` works.',
  }),
  'claude.settingsInvalid': (facts) => ({
    message: `Holdfast cannot change Claude Code's settings: ${facts.sentence}`,
    hint: 'Correct the file; nothing was written.',
    action: { kind: 'showFile', path: facts.text('path', '') },
  }),
  'claude.unsupported': () => ({
    message: "Claude Code's commands cannot be kept on Windows, where it has no shell prefix",
    hint: 'In WSL they can.',
  }),
  'claude.sessionNotFound': (facts) => ({
    message: facts.sentence,
    hint: '`holdfast claude sessions --all-projects` lists all that there are; `holdfast claude guard` those that vanished.',
  }),
  'claude.sessionLive': (facts) => ({
    message: `The session ${facts.text('id', '')} is open in Claude Code already (process ${facts.text('pid', 'unknown')}, ${facts.text('status', 'running')})`,
    hint: `Go on there, wait for its end (--wait), or go on with a copy: holdfast claude branch ${facts.text('id', 'ID')}`,
    action: { kind: 'copyCommand', command: `holdfast claude branch ${facts.text('id', 'ID')}` },
  }),
  'claude.directoryGone': (facts) => ({
    message: `The folder in which Claude Code would find the session ${facts.text('id', '')} is gone: ${facts.text('folder', '')}`,
    hint: 'Put the folder back: Claude Code looks for a session in the folder where it was begun.',
  }),
  'claude.nothingToRestore': (facts) => ({
    message: `Nothing of the session ${facts.text('id', '')} is known to be missing`,
    hint: '`holdfast claude guard` lists what vanished and can be restored.',
  }),
  'claude.nameTaken': (facts) => ({
    message: `There is a Claude Code session named ${facts.text('name', 'so')} in this folder already`,
    hint: `Go on with it (holdfast claude resume ${facts.text('name', 'NAME')}), or choose another name.`,
  }),
} satisfies Partial<Record<ErrorCode, Words>>;

/** Of files that an agent works with; their messages say what to do next. */
const aboutFiles = {
  'file.notFound': (facts) => ({ message: facts.sentence }),
  'file.outside': (facts) => ({ message: facts.sentence }),
  'file.notText': (facts) => ({ message: facts.sentence }),
  'file.notRead': (facts) => ({ message: facts.sentence }),
  'file.changed': (facts) => ({ message: facts.sentence }),
  'file.noMatch': (facts) => ({ message: facts.sentence }),
  'file.notWritable': (facts) => ({ message: facts.sentence }),
} satisfies Partial<Record<ErrorCode, Words>>;

const words: Readonly<Record<ErrorCode, Words>> = {
  ...aboutStore,
  ...aboutTasks,
  ...aboutSessions,
  ...aboutTerminals,
  ...aboutClaude,
  ...aboutFiles,
  'permission.notFound': (facts) => {
    const known = facts.list('known');
    return {
      message: facts.sentence,
      hint:
        known.length === 0
          ? 'None has been given here; --workspace DIR names another folder, --session ID a session.'
          : `There are ${known.slice(0, 5).join(', ')}; \`holdfast permissions\` lists all.`,
    };
  },
  'process.limitReached': () => ({
    message: 'The system allows no more processes or open files for you right now',
    hint: 'End some, or raise the limit: `ulimit -u` shows that of processes, `ulimit -n` that of files.',
    action: { kind: 'findOrphans' },
  }),
  'process.survived': (facts) => ({
    message: `Not everything of ${facts.text('id', 'the task')} could be ended; still alive: process ${facts.list('pids').join(', ')}`,
    hint: 'They belong to another user, or wait for a device or network disk that does not answer.',
    action: { kind: 'findOrphans' },
  }),
  'model.none': () => ({
    message: 'There is no language model to talk to',
    hint: 'Sign in to Copilot, or set up a model of your own. What @holdfast /… does, the commands of the palette do without one.',
    action: { kind: 'setUpModel' },
  }),
  'model.refused': (facts) => ({
    message: facts.sentence,
    hint: 'Look at the key and the address, and set it up again.',
    action: { kind: 'setUpModel' },
  }),
  'input.invalid': (facts) => ({ message: facts.sentence }),
};

function openSettings(setting: string): UserAction {
  return { kind: 'openSettings', setting };
}

function inBrackets(text: string): string {
  return text === '' ? '' : `: ${text}`;
}
