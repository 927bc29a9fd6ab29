import * as v from 'valibot';

/** The JSON records of a task directory. Unknown fields are kept: a newer Holdfast may have written them. */

const identitySchema = v.object({ pid: v.number(), startTime: v.string(), bootId: v.string() });

export const policySchema = v.looseObject({
  shutdown: v.picklist(['keep', 'terminate']),
  outputLimitBytes: v.number(),
  timeLimitSec: v.number(),
  stopGraceSec: v.number(),
  leaseGraceSec: v.number(),
});

/** Who runs in a task that is no ordinary command, and in which conversation; what else it needs is its own. */
export const agentSchema = v.looseObject({
  /** `claude-code` */
  name: v.string(),
  /** `background`: works on one prompt; `terminal`: talks with whoever is attached. */
  mode: v.string(),
  /** As the agent itself calls the conversation. */
  session: v.string(),
});
export type AgentRecord = v.InferOutput<typeof agentSchema>;

/** `task.json`, written once by the starter before the keeper starts. */
export const taskRecordSchema = v.looseObject({
  v: v.literal(1),
  id: v.string(),
  uuid: v.string(),
  title: v.optional(v.string()),
  session: v.nullable(v.string()),
  /** As the user wrote it. */
  command: v.string(),
  /** What is executed. */
  argv: v.pipe(v.array(v.string()), v.minLength(1)),
  cwd: v.string(),
  keeper: v.picklist(['sh', 'node']),
  policy: policySchema,
  /** The size that its terminal has at first; without it the task has none. */
  terminal: v.optional(v.looseObject({ columns: v.number(), rows: v.number() })),
  agent: v.optional(agentSchema),
  createdAt: v.string(),
  starter: v.looseObject({ pid: v.number(), face: v.string() }),
});
export type TaskRecord = v.InferOutput<typeof taskRecordSchema>;

/** `keeper.json`, written once an attempt by its keeper; nothing was executed as long as it is not there. */
export const keeperRecordSchema = v.looseObject({
  v: v.literal(1),
  keeper: identitySchema,
  runner: v.optional(identitySchema),
  command: identitySchema,
  /** Where the keeper of a terminal listens (docs/data-format.md). */
  terminal: v.optional(v.looseObject({ socket: v.string() })),
});
export type KeeperRecord = v.InferOutput<typeof keeperRecordSchema>;

/** `exit.json`, written once an attempt by its keeper. Its modification time is when the command ended. */
export const exitRecordSchema = v.looseObject({
  v: v.literal(1),
  /** As a shell gives it: 128 + n for signal n; null when nobody could wait for the command. */
  code: v.nullable(v.number()),
});
export type ExitRecord = v.InferOutput<typeof exitRecordSchema>;

/** `stop.json`, written by whoever asks for the end, before the first signal; the first one to ask stays named. */
export const stopRecordSchema = v.looseObject({
  v: v.literal(1),
  by: v.string(),
  reason: v.string(),
});
export type StopRecord = v.InferOutput<typeof stopRecordSchema>;

/** `env.json`, written once by the starter: what a restart needs of the environment, without values of secrets. */
export const environmentRecordSchema = v.looseObject({
  v: v.literal(1),
  set: v.record(v.string(), v.string()),
  /** Names of variables whose values look like secrets; they are never written to disk. */
  secretNames: v.array(v.string()),
});
export type EnvironmentRecord = v.InferOutput<typeof environmentRecordSchema>;

/** `attempts/<n>/claim.json`: the process that restarts the task, until `attempt.json` is there. */
export const claimRecordSchema = v.looseObject({ v: v.literal(1), by: identitySchema });

/** `attempts/<n>/attempt.json`: which part of the output an earlier run wrote. */
export const attemptRecordSchema = v.looseObject({
  v: v.literal(1),
  fromOffset: v.number(),
  toOffset: v.number(),
});
