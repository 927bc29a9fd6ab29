import * as v from 'valibot';

const optionalText = v.optional(v.nullable(v.string()));

/** The fields by which a line, of a journal or of the workspace's file, says what was decided of a rule or a directory. */
export const approvalEntries = {
  rule: v.optional(v.string()),
  directory: v.optional(v.string()),
  /** What the directory really was when it was approved; another one now is not approved. */
  realPath: optionalText,
  decision: v.optional(v.picklist(['allow', 'ask', 'deny'])),
  /** Takes back what was said before. */
  revoke: v.optional(v.boolean()),
  by: v.string(),
  expiresAt: optionalText,
} as const;
