import type { ListedTranscript } from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import type { Approval } from '../../core/permissions/approval.ts';
import type { FileInContext } from '../../core/sessions/sessionState.ts';
import type { DayGroup } from '../sessions/sessionWords.ts';

export type SectionName = 'tasks' | 'files' | 'permissions' | 'notes' | 'branches';

/** One row of the view Sessions. `key` is the same as long as it is the same row. */
export type SessionNode =
  | { readonly kind: 'session'; readonly key: string; readonly session: string }
  | {
      readonly kind: 'section';
      readonly key: string;
      readonly session: string;
      readonly section: SectionName;
    }
  | {
      readonly kind: 'task';
      readonly key: string;
      readonly session: string;
      /** Its id; commands for tasks look for it under this name. */
      readonly task: string;
    }
  | {
      readonly kind: 'file';
      readonly key: string;
      readonly session: string;
      readonly file: FileInContext;
    }
  | {
      readonly kind: 'permission';
      readonly key: string;
      readonly session: string;
      readonly permission: Approval;
    }
  | { readonly kind: 'note'; readonly key: string; readonly session: string; readonly text: string }
  | {
      readonly kind: 'hint';
      readonly key: string;
      readonly text: string;
      readonly command?: string;
    }
  | { readonly kind: 'group'; readonly key: string; readonly group: DayGroup }
  | {
      readonly kind: 'claudeGroup';
      readonly key: string;
      readonly sessions: readonly ListedTranscript[];
    }
  | { readonly kind: 'claude'; readonly key: string; readonly transcript: ListedTranscript }
  | {
      readonly kind: 'more';
      readonly key: string;
      /** What grows when it is clicked. */
      readonly list: string;
      readonly hiddenCount: number;
    };

export type NodeOf<K extends SessionNode['kind']> = Extract<SessionNode, { kind: K }>;
