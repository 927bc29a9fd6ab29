import { randomUUID } from 'node:crypto';
import { listProcesses, processesWithEnvironment, trySignal, waitUntilGone } from './processes.mjs';

const cookie = 'HOLDFAST_TEST_RUN';

/**
 * Runs tests with a cookie in the environment, which all that they start inherits. Afterwards, what
 * still carries it was left behind: it is ended, and the run counts as failed.
 * @param {() => Promise<boolean>} runTests
 * @returns {Promise<boolean>}
 */
export async function withCleanup(runTests) {
  const id = randomUUID();
  process.env[cookie] = id;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => void endChildren());
  }
  const isGood = await runTests().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Error && error.cause) console.error(error.cause);
    return false;
  });
  // What is on its way out gets the time to go.
  const left = await waitUntilGone(await processesWithEnvironment(cookie, id), 3000);
  for (const { pid, command } of left) {
    console.error(`Left behind by the tests, ended now: ${pid} ${command.slice(0, 120)}`);
    trySignal(pid, 'SIGKILL');
  }
  return isGood && left.length === 0;
}

/** Asked to stop, we ask those we started: they clean up, our tests end, and then so do we. */
async function endChildren() {
  for (const { pid, parent } of await listProcesses()) {
    if (parent === process.pid) trySignal(pid, 'SIGTERM');
  }
}
