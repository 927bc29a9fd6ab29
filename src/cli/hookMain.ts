import { answerConversationEvent } from './claude/conversationEvents.ts';
import { tell } from './stdio.ts';

// `holdfast hook EVENT` alone, which Claude Code waits for: to load the whole command line takes longer than that answer
// may take, and so do the words for all that may go wrong. The launcher chooses this bundle where it lies beside the other.
answerConversationEvent(process.argv[3] ?? '').catch((error: unknown) => {
  tell(String(error));
  process.exitCode = 1;
});
