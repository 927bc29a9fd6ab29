import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import {
  createFileSync,
  PRIVATE_DIRECTORY_MODE,
  storeError,
  writeFileAtomicSync,
} from '../../../common/atomicFile.ts';
import { taskDirectoryAt } from '../../../tasks/taskDirectory.ts';
import type { TaskSnapshot } from '../../../tasks/types.ts';

/**
 * What an agent asks, and what it is answered: `questions/<id>.json` and `questions/<id>.answer` in the task's
 * directory. A question is there as long as it is open and its agent runs. The first answer counts.
 */

const questionSchema = v.looseObject({
  v: v.literal(1),
  id: v.string(),
  askedAt: v.string(),
  /** As Claude Code calls it. */
  tool: v.string(),
  input: v.record(v.string(), v.unknown()),
  /** `Bash: npm test` */
  about: v.string(),
  /** Why it is asked, for a person. */
  reason: v.optional(v.string()),
  /** Rules of ours that would allow it from now on. */
  offers: v.optional(v.array(v.string()), []),
});
export type AgentQuestion = v.InferOutput<typeof questionSchema>;

const answerSchema = v.looseObject({
  v: v.literal(1),
  /** Which face it was given in. */
  by: v.string(),
  decision: v.picklist(['allow', 'deny']),
  /** What the agent is told of a denial. */
  message: v.optional(v.string()),
  /** By question of the agent to the user: what was chosen. */
  choices: v.optional(v.record(v.string(), v.string())),
});
export type AgentAnswer = v.InferOutput<typeof answerSchema>;

const QUESTION = '.json';
const ANSWER = '.answer';

/** The open questions of a task, the oldest first; none of one that does not run. */
export function openQuestions(task: TaskSnapshot): AgentQuestion[] {
  if (task.status !== 'running' || task.agent === undefined) return [];
  const { questions } = taskDirectoryAt(task.directory);
  const names = namesIn(questions);
  return names
    .filter((name) => name.endsWith(QUESTION) && !names.includes(answerName(name)))
    .flatMap((name) => readRecord(path.join(questions, name), questionSchema) ?? [])
    .sort((a, b) => (a.askedAt < b.askedAt ? -1 : 1));
}

/** @throws HoldfastError `disk.full`, `home.notWritable`. */
export function writeQuestion(directory: string, question: AgentQuestion): void {
  try {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    throw storeError(`creating ${directory}`, error);
  }
  writeFileAtomicSync(questionFile(directory, question.id), `${JSON.stringify(question)}\n`);
}

/** Says whether this is the answer that counts: somebody else may have been quicker. */
export function writeAnswer(task: TaskSnapshot, id: string, answer: AgentAnswer): boolean {
  const { questions } = taskDirectoryAt(task.directory);
  if (!existsSync(questionFile(questions, id))) return false;
  return createFileSync(answerFile(questions, id), `${JSON.stringify(answer)}\n`);
}

/** The answer to a question, once it is there whole. */
export function readAnswer(directory: string, id: string): AgentAnswer | undefined {
  return readRecord(answerFile(directory, id), answerSchema);
}

/** The question is answered, or nobody wants to know any more. */
export function withdrawQuestion(directory: string, id: string): void {
  rmSync(questionFile(directory, id), { force: true });
  rmSync(answerFile(directory, id), { force: true });
}

/** What an agent that was ended by force has left open. */
export function withdrawAll(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

function questionFile(directory: string, id: string): string {
  return path.join(directory, `${path.basename(id)}${QUESTION}`);
}

function answerFile(directory: string, id: string): string {
  return path.join(directory, `${path.basename(id)}${ANSWER}`);
}

function answerName(question: string): string {
  return `${question.slice(0, -QUESTION.length)}${ANSWER}`;
}

/** Questions may be long (a file to be written), so not with the reader of small records. */
function readRecord<S extends v.GenericSchema>(
  file: string,
  schema: S,
): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
