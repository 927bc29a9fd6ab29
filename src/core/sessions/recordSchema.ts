import * as v from 'valibot';
import { lineSchemas } from './journalLines.ts';

const text = v.optional(v.nullable(v.string()));
const number = v.optional(v.nullable(v.number()));
const list = v.optional(v.array(v.string()), []);

const task = v.looseObject({
  command: v.string(),
  status: v.optional(v.string(), 'lost'),
  exitCode: number,
  signal: text,
  startTime: text,
  endTime: text,
  cwd: text,
  uuid: text,
  cursors: v.optional(v.record(v.string(), v.number()), {}),
});

const fileDetails = v.looseObject({
  mtimeMs: number,
  hash: text,
  sizeBytes: number,
  touchedAt: text,
});

const permission = v.looseObject({
  rule: text,
  directory: text,
  realPath: text,
  decision: v.picklist(['allow', 'ask', 'deny']),
  by: v.optional(v.string(), 'unknown'),
  scope: v.optional(v.picklist(['session', 'workspace']), 'session'),
  givenAt: text,
  expiresAt: text,
});

/** A record as somebody hands it to us: only its id is a must, and every path and text in it is a stranger's. */
export const recordSchema = v.looseObject({
  sessionId: v.string(),
  title: text,
  workspace: text,
  startTime: text,
  lastActive: text,
  parent: text,
  isPinned: v.optional(v.boolean(), false),
  agent: text,
  agentSessionId: text,
  cwd: text,
  messages: v.optional(v.array(v.looseObject({ time: text, ...lineSchemas.message.entries })), []),
  backgroundTasks: v.optional(v.record(v.string(), task), {}),
  fileContext: v.optional(
    v.looseObject({
      read: list,
      modified: list,
      created: list,
      details: v.optional(v.record(v.string(), fileDetails), {}),
    }),
    { read: [], modified: [], created: [], details: {} },
  ),
  permissions: v.optional(v.looseObject({ details: v.optional(v.array(permission), []) }), {
    details: [],
  }),
  environment: v.optional(
    v.looseObject({
      set: v.optional(v.record(v.string(), v.string()), {}),
      unset: list,
      secretNames: list,
    }),
    { set: {}, unset: [], secretNames: [] },
  ),
  goals: v.optional(
    v.array(v.looseObject({ text: v.string(), isDone: v.optional(v.boolean(), false) })),
    [],
  ),
  notes: list,
  summary: text,
});

export type GivenRecord = v.InferOutput<typeof recordSchema>;
