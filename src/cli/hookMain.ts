import { answerSessionStart } from './claude/sessionStart.ts';

// `holdfast hook SessionStart` alone, which Claude Code waits for: to load the whole command line takes longer than that
// answer may take. The launcher chooses this bundle where it lies beside the other.
void answerSessionStart();
