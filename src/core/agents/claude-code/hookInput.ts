import * as v from 'valibot';

/** What Claude Code gives a hook on stdin, as far as we use it. Unknown fields are other versions' business. */

const text = v.pipe(v.string(), v.minLength(1));

/** `PreToolUse` for a command that is meant for the background, as claude-hook.sh has noted it. */
export const backgroundCallSchema = v.looseObject({
  session_id: text,
  cwd: text,
  tool_use_id: v.optional(text),
  tool_input: v.looseObject({ command: text, description: v.optional(v.string()) }),
});
export type BackgroundCall = v.InferOutput<typeof backgroundCallSchema>;

/** `SessionStart`, and the events by which an idle Claude is told of an end. */
export const sessionStartSchema = v.looseObject({
  session_id: text,
  cwd: text,
  transcript_path: v.optional(text),
  /** `startup`, `resume`, `clear`, `compact`, `fork` */
  source: v.optional(v.string()),
});
export type SessionStart = v.InferOutput<typeof sessionStartSchema>;

/** Undefined for what is not what we know. */
export function parseHookInput<S extends v.GenericSchema>(
  json: string,
  schema: S,
): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(json));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** The answer to `SessionStart` by which Claude reads a text. */
export function additionalContext(contextText: string): object {
  return {
    hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: contextText },
  };
}
