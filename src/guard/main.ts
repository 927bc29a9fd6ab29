import { isMainThread } from 'node:worker_threads';
import { runGuardThread } from '../core/agents/claude-code/transcripts/guardThread.ts';
import { mirrorTranscript } from '../core/agents/claude-code/transcripts/mirrorTranscript.ts';

// The entry of the thread that looks after Claude Code's transcripts, off the editor's way; and of `holdfast hook mirror
// TRANSCRIPT`, for which the launcher chooses this bundle, as it is quicker to load than the whole command line.
if (isMainThread) void mirrorTranscript(process.argv[4] ?? '', process.env);
else void runGuardThread();
