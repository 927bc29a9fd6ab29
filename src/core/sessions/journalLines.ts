import * as v from 'valibot';
import { approvalEntries } from '../permissions/approvalEntries.ts';

/** The version of the lines that we write. A reader of version 1 never has to understand another one. */
export const JOURNAL_VERSION = 1;

/**
 * Fields that every line has. `w` and `n`: who wrote it (a random word for each opening of the journal) and the how
 * manieth line of that writer it is; by these a line that is there twice is known, and one that is missing.
 */
export interface LineFrame {
  readonly v: number;
  /** ISO 8601, UTC. */
  readonly t: string;
  readonly type: string;
  readonly w?: string;
  readonly n?: number;
}

const optionalText = v.optional(v.nullable(v.string()));
const optionalNumber = v.optional(v.nullable(v.number()));

/** A piece of a message: `text`, `tool-call`, `tool-result`; parts of kinds we don't know are kept. */
export const partSchema = v.looseObject({ type: v.string() });
export const textPartSchema = v.looseObject({ type: v.literal('text'), text: v.string() });
export const toolCallPartSchema = v.looseObject({
  type: v.literal('tool-call'),
  id: v.string(),
  name: v.string(),
  input: v.unknown(),
});
export const toolResultPartSchema = v.looseObject({
  type: v.literal('tool-result'),
  id: v.string(),
  output: v.unknown(),
  isError: v.optional(v.boolean()),
});

const header = v.looseObject({
  id: v.string(),
  workspace: v.string(),
  cwd: optionalText,
  title: optionalText,
  /** The UUID under which Claude Code knows a session whose own id is a name. */
  agentSessionId: optionalText,
  /** Where it came from when it was not begun here: `import`, `cache` or `repair`. */
  origin: optionalText,
});

const message = v.looseObject({
  role: v.picklist(['user', 'assistant', 'system', 'tool']),
  parts: v.array(partSchema),
});

const file = v.looseObject({
  path: v.pipe(v.string(), v.minLength(1)),
  how: v.picklist(['read', 'modified', 'created']),
  mtimeMs: optionalNumber,
  /** SHA-256 of the content, in hex. */
  hash: optionalText,
  sizeBytes: optionalNumber,
});

const cwd = v.looseObject({ path: v.string() });

const env = v.looseObject({
  set: v.optional(v.record(v.string(), v.string())),
  unset: v.optional(v.array(v.string())),
  /** Changed as well, but their values look like secrets and are on no disk. */
  secretNames: v.optional(v.array(v.string())),
});

const permission = v.looseObject({
  ...approvalEntries,
  scope: v.optional(v.picklist(['session', 'workspace'])),
});

const task = v.looseObject({
  id: v.string(),
  command: v.string(),
  cwd: optionalText,
  /** Which task exactly: the ids of another workspace or machine mean others here. */
  uuid: optionalText,
  startedAt: optionalText,
});

const taskEnd = v.looseObject({
  id: v.string(),
  status: v.string(),
  exitCode: optionalNumber,
  signal: optionalText,
  endedAt: optionalText,
});

const outputRead = v.looseObject({
  task: v.string(),
  reader: v.string(),
  offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What each type of line holds besides {@link LineFrame}. Loose: fields of a newer version are kept. */
export const lineSchemas = {
  session: header,
  message,
  file,
  cwd,
  env,
  permission,
  task,
  'task-end': taskEnd,
  'output-read': outputRead,
  title: v.looseObject({ title: v.string(), by: v.string() }),
  pin: v.looseObject({ isPinned: v.boolean() }),
  resumed: v.looseObject({ by: v.string() }),
  /** Somebody had it back from the trash. */
  restored: v.looseObject({ by: v.string() }),
  /** Written into both journals; `to` is the copy. */
  branched: v.looseObject({ from: v.string(), to: v.string() }),
  agent: v.looseObject({ name: v.string(), sessionId: optionalText }),
  note: v.looseObject({ text: v.string() }),
  goal: v.looseObject({ text: v.string(), isDone: v.optional(v.boolean()) }),
  summary: v.looseObject({ text: v.string() }),
  /** So many lines were found to be gone by then, and its user knows. */
  repaired: v.looseObject({ missing: v.number() }),
} as const;

export type LineType = keyof typeof lineSchemas;
export type LineOf<T extends LineType> = v.InferOutput<(typeof lineSchemas)[T]>;
/** A line as a writer gives it: the frame is added. */
export type NewLine = {
  [T in LineType]: { readonly type: T } & v.InferInput<(typeof lineSchemas)[T]>;
}[LineType];

export type MessagePart = v.InferOutput<typeof partSchema>;
export type TextPart = v.InferOutput<typeof textPartSchema>;
export type ToolCallPart = v.InferOutput<typeof toolCallPartSchema>;
export type ToolResultPart = v.InferOutput<typeof toolResultPartSchema>;

export function isLineType(type: string): type is LineType {
  return Object.hasOwn(lineSchemas, type);
}

export function isTextPart(part: MessagePart): part is TextPart {
  return v.is(textPartSchema, part);
}

export function isToolCallPart(part: MessagePart): part is ToolCallPart {
  return v.is(toolCallPartSchema, part);
}

export function isToolResultPart(part: MessagePart): part is ToolResultPart {
  return v.is(toolResultPartSchema, part);
}

/** Lines whose loss a user would notice: they are on the disk before their writer goes on. */
const durableTypes: ReadonlySet<string> = new Set<LineType>([
  'session',
  'message',
  'permission',
  'title',
  'branched',
  'goal',
  'note',
  'summary',
]);

export function isDurableType(type: string): boolean {
  return durableTypes.has(type);
}
