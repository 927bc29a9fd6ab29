import { runGuardThread } from '../core/agents/claude-code/transcripts/guardThread.ts';

/** The entry of the thread that looks after Claude Code's transcripts, off the editor's way. */
void runGuardThread();
