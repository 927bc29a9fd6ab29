import { HoldfastError } from '../../../common/errors.ts';
import { startConversing, type ConversingProgram } from '../../../processes/conversingProgram.ts';
import { parseTranscriptLine, textOf, type TranscriptLine } from '../transcripts/transcriptLine.ts';
import { AskUser, type AskUserOptions, type Verdict } from './askUser.ts';
import {
  allowLine,
  cancelledRequest,
  denyLine,
  permissionQuery,
  promptLine,
  refusal,
  turnResult,
  type PermissionQuery,
  type TurnResult,
} from './streamLine.ts';
import { promptText, resultText, textOfLine } from './streamText.ts';
import { describeTool } from '../transcripts/describeTool.ts';

/** By these Claude Code works on a prompt and asks us what it may do. The last is how its own editor extension does. */
export const DRIVE_ARGUMENTS = [
  '-p',
  '--output-format',
  'stream-json',
  '--verbose',
  '--input-format',
  'stream-json',
  '--permission-prompt-tool',
  'stdio',
] as const;

/** What ends a task signals all its processes; only where it does not is Claude Code told by us. */
const PASS_ON_AFTER_MS = 1000;

export interface DriveRequest {
  readonly prompt: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly questions: Pick<AskUserOptions, 'directory' | 'gate' | 'nowMs'>;
  /** How a person answers from a terminal. */
  readonly howToAnswer: string;
  readonly print: (lines: readonly string[]) => void;
}

export interface DriveOutcome {
  readonly exitCode: number;
  /** Undefined when it ended, or was ended, before it was done. */
  readonly result: TurnResult | undefined;
}

/**
 * Has Claude Code work on a prompt until it is done, and shows what it does. Signals to this process are for it; this
 * process stays until it is gone.
 * @throws HoldfastError `claude.notInstalled`.
 */
export async function driveClaude(request: DriveRequest): Promise<DriveOutcome> {
  const drive = new Drive(request);
  try {
    return await drive.run();
  } finally {
    drive.dispose();
  }
}

class Drive {
  readonly #request: DriveRequest;
  readonly #program: ConversingProgram;
  readonly #user: AskUser;
  /** Helpers of the agent that work still: they end with it. */
  readonly #helpers = new Set<string>();
  #result: TurnResult | undefined;

  constructor(request: DriveRequest) {
    this.#request = request;
    this.#user = new AskUser({
      ...request.questions,
      onWaiting: (about) => {
        request.print([`? ${about} · waits for you (${request.howToAnswer})`]);
      },
      onVerdict: (query, verdict) => {
        this.#answer(query, verdict);
      },
    });
    this.#program = startConversing('claude', [...DRIVE_ARGUMENTS, ...request.args], {
      cwd: request.cwd,
      environment: request.environment,
      onLine: (line) => {
        this.#hear(line);
      },
    });
  }

  async run(): Promise<DriveOutcome> {
    const { print, prompt } = this.#request;
    print(promptText(prompt));
    this.#program.write(promptLine(prompt));
    const stop = passOnSignals(this.#program);
    const exitCode = await this.#program.ended;
    stop();
    if (exitCode === undefined)
      throw new HoldfastError('claude.notInstalled', 'there is no `claude`');
    if (this.#result === undefined)
      print([`Claude Code ended before it was done (exit ${exitCode})`]);
    return { exitCode, result: this.#result };
  }

  dispose(): void {
    this.#user.dispose();
  }

  #hear(text: string): void {
    const line = parseTranscriptLine(text);
    if (line === undefined) {
      if (text.trim() !== '') this.#request.print([text]);
      return;
    }
    this.#request.print(textOfLine(line));
    this.#noteHelper(line);
    const query = permissionQuery(line);
    const cancelled = cancelledRequest(line);
    if (query !== undefined) this.#ask(query);
    else if (cancelled !== undefined) this.#user.cancel(cancelled);
    else this.#program.write(refusal(line) ?? '');
    this.#end(line);
  }

  #ask(query: PermissionQuery): void {
    this.#user.ask(query).catch((error: unknown) => {
      // Nobody could be asked (the disk is full, say): it must not be taken for a yes, nor hold it up for ever.
      const message = `Nobody could be asked: ${String(error)}`;
      this.#answer(query, { isAllowed: false, message, words: message });
    });
  }

  #answer(query: PermissionQuery, { isAllowed, message, choices, words }: Verdict): void {
    const about = describeTool({ id: '', name: query.tool, input: query.input });
    this.#request.print([`${isAllowed ? 'Allowed' : 'Denied'} (${words}): ${about}`]);
    this.#program.write(isAllowed ? allowLine(query, choices) : denyLine(query, message));
  }

  #noteHelper(line: TranscriptLine): void {
    const id = textOf(line, 'task_id');
    if (line['type'] !== 'system' || id === undefined) return;
    if (line['subtype'] === 'task_started' && line['task_type'] === 'local_agent') {
      this.#helpers.add(id);
    }
    if (line['subtype'] === 'task_notification') this.#helpers.delete(id);
  }

  /** Done, unless a helper works in the background: Claude Code goes on when that has ended. */
  #end(line: TranscriptLine): void {
    const result = turnResult(line);
    if (result === undefined) return;
    this.#result = result;
    this.#request.print(resultText(result));
    if (this.#helpers.size === 0) this.#program.endInput();
  }
}

function passOnSignals(program: ConversingProgram): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let timer: NodeJS.Timeout | undefined;
  const handlers = signals.map((signal) => {
    const handle = (): void => {
      timer ??= setTimeout(() => {
        program.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      }, PASS_ON_AFTER_MS);
    };
    process.on(signal, handle);
    return { signal, handle };
  });
  return () => {
    clearTimeout(timer);
    for (const { signal, handle } of handlers) process.off(signal, handle);
  };
}
