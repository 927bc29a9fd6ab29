import * as v from 'valibot';
import type { MessagePart } from '../../sessions/journalLines.ts';

/** Kinds of parts, and fields of known kinds, that only conversations write. */

const thinkingPartSchema = v.looseObject({
  type: v.literal('thinking'),
  text: v.string(),
  opaque: v.optional(v.unknown()),
});
export type ThinkingPart = v.InferOutput<typeof thinkingPartSchema>;

export function isThinkingPart(part: MessagePart): part is ThinkingPart {
  return v.is(thinkingPartSchema, part);
}

const resultDetailsSchema = v.looseObject({
  diff: v.optional(v.string()),
  files: v.optional(v.array(v.string())),
  task: v.optional(v.string()),
});

/** What a tool's result says besides its text. */
export interface ResultDetails {
  readonly diff?: string | undefined;
  readonly files?: readonly string[] | undefined;
  readonly task?: string | undefined;
}

export function resultDetails(part: MessagePart): ResultDetails {
  const result = v.safeParse(resultDetailsSchema, part);
  return result.success ? result.output : {};
}
