import { randomUUID } from 'node:crypto';
import { asObject, objectOf, textOf, type TranscriptLine } from '../transcripts/transcriptLine.ts';

/** What `claude -p --output-format stream-json` says and is told, one JSON object a line. */

/** A question whether a tool may do something. */
export interface PermissionQuery {
  readonly requestId: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string | undefined;
  /**
   * Why it is asked at all: a rule of the user's, a check for safety. Undefined when only nothing allows it.
   */
  readonly reasonType: string | undefined;
  /** Only a person can give what it wants: a choice, not a permission. */
  readonly needsPerson: boolean;
}

/** How the work on a prompt ended. */
export interface TurnResult {
  readonly isError: boolean;
  /** `success`, `error_max_turns`, … */
  readonly subtype: string;
  readonly text: string | undefined;
  readonly turns: number | undefined;
  readonly durationMs: number | undefined;
  readonly costUsd: number | undefined;
}

export function permissionQuery(line: TranscriptLine): PermissionQuery | undefined {
  const request = objectOf(line, 'request');
  const requestId = textOf(line, 'request_id');
  const tool = textOf(request, 'tool_name');
  const isQuery = line['type'] === 'control_request' && request['subtype'] === 'can_use_tool';
  if (!isQuery || requestId === undefined || tool === undefined) return undefined;
  return {
    requestId,
    tool,
    input: asObject(request['input']) ?? {},
    reason: textOf(request, 'decision_reason'),
    reasonType: textOf(request, 'decision_reason_type'),
    needsPerson: tool === 'AskUserQuestion' || request['requires_user_interaction'] === true,
  };
}

/** The request that nobody wants to be answered any more. */
export function cancelledRequest(line: TranscriptLine): string | undefined {
  return line['type'] === 'control_cancel_request' ? textOf(line, 'request_id') : undefined;
}

export function turnResult(line: TranscriptLine): TurnResult | undefined {
  if (line['type'] !== 'result') return undefined;
  const number = (name: string): number | undefined =>
    typeof line[name] === 'number' ? line[name] : undefined;
  return {
    isError: line['is_error'] === true,
    subtype: textOf(line, 'subtype') ?? 'success',
    text: textOf(line, 'result'),
    turns: number('num_turns'),
    durationMs: number('duration_ms'),
    costUsd: number('total_cost_usd'),
  };
}

export function promptLine(prompt: string): string {
  const message = { role: 'user', content: prompt };
  return lineOf({ type: 'user', message, parent_tool_use_id: null, session_id: '' });
}

export function allowLine(
  { requestId, input }: PermissionQuery,
  choices?: Readonly<Record<string, string>>,
): string {
  const updatedInput = choices === undefined ? input : { ...input, answers: choices };
  return responseLine(requestId, { behavior: 'allow', updatedInput });
}

export function denyLine({ requestId }: PermissionQuery, message: string): string {
  return responseLine(requestId, { behavior: 'deny', message });
}

/** Whatever else is asked: nobody here can do it, and silence would hold it up for ever. */
export function refusal(line: TranscriptLine): string | undefined {
  const requestId = textOf(line, 'request_id');
  if (line['type'] !== 'control_request' || requestId === undefined) return undefined;
  const response = { subtype: 'error', request_id: requestId, error: 'not supported' };
  return lineOf({ type: 'control_response', response });
}

/** A request's id as the name of a file. */
export function questionId(requestId: string): string {
  return /^[\w-]{1,64}$/.test(requestId) ? requestId : randomUUID();
}

function responseLine(requestId: string, response: object): string {
  return lineOf({
    type: 'control_response',
    response: { subtype: 'success', request_id: requestId, response },
  });
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
