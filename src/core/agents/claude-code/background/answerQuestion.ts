import * as v from 'valibot';
import { HoldfastError } from '../../../common/errors.ts';
import { approveRule } from '../../../permissions/approvals.ts';
import type { TaskHost } from '../../../tasks/taskHost.ts';
import type { TaskSnapshot } from '../../../tasks/types.ts';
import { writeAnswer, type AgentQuestion } from './questions.ts';

/** What a person says to an agent's question. */
export interface PersonsAnswer {
  /** `always` keeps the rules that were offered, for the workspace. */
  readonly kind: 'once' | 'always' | 'deny';
  /** What the agent is told of a denial. */
  readonly message?: string;
  /** What was chosen, one for each of {@link choicesIn}, in their order. */
  readonly choices?: readonly string[];
}

/** One of the things that an agent wants its user to choose. */
export interface AgentChoice {
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string | undefined }[];
  readonly isMultiple: boolean;
}

const choicesSchema = v.looseObject({
  questions: v.array(
    v.looseObject({
      question: v.string(),
      multiSelect: v.optional(v.boolean(), false),
      options: v.array(v.looseObject({ label: v.string(), description: v.optional(v.string()) })),
    }),
  ),
});

/** What there is to choose; none for a question that is about a permission. */
export function choicesIn({ tool, input }: AgentQuestion): AgentChoice[] {
  const parsed = v.safeParse(choicesSchema, input);
  if (tool !== 'AskUserQuestion' || !parsed.success) return [];
  return parsed.output.questions.map(({ question, options, multiSelect }) => ({
    question,
    options: options.map(({ label, description }) => ({ label, description })),
    isMultiple: multiSelect,
  }));
}

/**
 * Gives an agent its answer; says whether it counts, as somebody else may have been quicker.
 * @throws HoldfastError `input.invalid` for other than one choice for each, `home.unsafe`, `home.notWritable`, `disk.full`.
 */
export function answerQuestion(
  { workspace, face, clock }: TaskHost,
  task: TaskSnapshot,
  given: {
    readonly question: AgentQuestion;
    readonly answer: PersonsAnswer;
    /** Of rules that are kept; undefined: after 30 days. */
    readonly expiryDays?: number | undefined;
  },
): boolean {
  const { question, answer, expiryDays } = given;
  const { kind, message } = answer;
  const choices = kind === 'deny' ? undefined : chosen(question, answer.choices);
  if (kind === 'always') {
    const terms = { by: face, nowMs: clock.now(), expiresAfterDays: expiryDays };
    for (const rule of question.offers) approveRule({ workspace }, rule, 'allow', terms);
  }
  return writeAnswer(task, question.id, {
    v: 1,
    by: face,
    decision: kind === 'deny' ? 'deny' : 'allow',
    ...(message === undefined ? {} : { message }),
    ...(choices === undefined ? {} : { choices }),
  });
}

function chosen(
  question: AgentQuestion,
  given: readonly string[] = [],
): Record<string, string> | undefined {
  const asked = choicesIn(question);
  if (given.length !== asked.length) {
    const many = `${asked.length} ${asked.length === 1 ? 'answer' : 'answers'}`;
    throw new HoldfastError(
      'input.invalid',
      asked.length === 0 ? 'there is nothing to choose: allow it or deny it' : `it wants ${many}`,
    );
  }
  if (asked.length === 0) return undefined;
  return Object.fromEntries(asked.map((each, index) => [each.question, given[index] ?? '']));
}
