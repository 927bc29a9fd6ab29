import { statSync } from 'node:fs';
import {
  claudeDirectoryOf,
  realDirectory,
} from '../../core/agents/claude-code/transcripts/claudeDirectory.ts';
import {
  listTranscripts,
  readTranscriptDetails,
  type ListedTranscript,
} from '../../core/agents/claude-code/transcripts/listTranscripts.ts';
import {
  SummaryCache,
  summaryCachePath,
} from '../../core/agents/claude-code/transcripts/summaryCache.ts';
import type { TranscriptDetails } from '../../core/agents/claude-code/transcripts/transcriptSummary.ts';
import type { HoldfastWindow } from '../holdfastWindow.ts';

/** Claude Code's sessions of the window's folder, as far as the cache knows them; a thread keeps that up to date. */
export class ClaudeSessionList {
  readonly #window: HoldfastWindow;
  #cache: SummaryCache | undefined;
  /** Of the file that the cache was read from. */
  #cacheMtimeMs = 0;

  constructor(window: HoldfastWindow) {
    this.#window = window;
  }

  /** The latest active first: of the window's folder, or of all. */
  list({ isAllProjects = false } = {}): readonly ListedTranscript[] {
    const { host, log } = this.#window;
    const folder = isAllProjects ? undefined : realDirectory(host.workspace.folder);
    try {
      const claudeDirectory = claudeDirectoryOf(process.env);
      return listTranscripts({ claudeDirectory, folder }, this.#currentCache());
    } catch (error) {
      log.warn('transcripts.notListed', { error });
      return [];
    }
  }

  detailsOf({ file }: ListedTranscript): TranscriptDetails {
    return readTranscriptDetails(file, this.#currentCache());
  }

  #currentCache(): SummaryCache {
    const { home } = this.#window.host.workspace;
    const mtimeMs = statSync(summaryCachePath(home), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.#cache === undefined || mtimeMs !== this.#cacheMtimeMs) {
      this.#cache = new SummaryCache(home);
      this.#cacheMtimeMs = mtimeMs;
    }
    return this.#cache;
  }
}
