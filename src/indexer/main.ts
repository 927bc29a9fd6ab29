import { runThread } from '../core/search/runThread.ts';

/** The entry of the search's threads, which keep reading and indexing off everybody's way. */
void runThread(new URL(import.meta.url));
