/**
 * Runs a script. What goes wrong is told in words: a stack of ours helps nobody who only wants to
 * build or start Holdfast.
 * @param {() => Promise<unknown>} script
 */
export async function runMain(script) {
  try {
    await script();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
