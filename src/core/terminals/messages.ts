import * as v from 'valibot';
import { PROTOCOL_VERSION } from './frames.ts';

/** The JSON payloads of frames. Fields that are not named here are skipped. */

const dimension = v.pipe(v.number(), v.minValue(0), v.maxValue(65_535));

/** What the keeper says first. */
export const keeperHelloSchema = v.object({
  protocol: v.number(),
  /** The oldest protocol whose speakers it understands. */
  oldest: v.number(),
  id: v.string(),
});
export type KeeperHello = v.InferOutput<typeof keeperHelloSchema>;

/** What whoever connects says first. */
export const clientHelloSchema = v.object({
  protocol: v.number(),
  oldest: v.number(),
  /** `attach` sees and types, and has a size; `send` only types. */
  role: v.picklist(['attach', 'send']),
  columns: v.optional(dimension),
  rows: v.optional(dimension),
  /** How many lines that have scrolled off it wants at first. */
  scrollback: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
  /** And how many when it has been too slow, and gets the screen anew. */
  scrollbackAgain: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
});
export type ClientHello = v.InferInput<typeof clientHelloSchema>;

export const sizeSchema = v.object({ columns: dimension, rows: dimension });
export const takenSchema = v.object({ bytes: v.number() });
export const endSchema = v.object({ exitCode: v.nullable(v.number()) });

/** Undefined for what is no JSON or has another shape. */
export function parseMessage<S extends v.GenericSchema>(
  schema: S,
  payload: Buffer,
): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(payload.toString('utf8')));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two sides have a protocol that both speak. */
export function canSpeak(other: { protocol: number; oldest: number }): boolean {
  return other.oldest <= PROTOCOL_VERSION && OLDEST_PROTOCOL <= other.protocol;
}

/** Version 1 is the first. */
export const OLDEST_PROTOCOL = 1;
