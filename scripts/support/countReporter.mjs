import path from 'node:path';

/**
 * A reporter for node:test that writes the counts of single tests (not of their groups) as JSON.
 * @param {AsyncIterable<{ type: string, data: any }>} source
 */
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A group whose set-up or clean-up failed is reported only as a group.
    if (data.details?.type === 'suite' && !isOwnFailure(type, data)) continue;
    if (type === 'test:fail' && data.todo === undefined) counts.failed += 1;
    else if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    // A file without a test is reported as if it were one: that is a mistake, not a pass.
    else if (path.isAbsolute(data.name) && data.nesting === 0) counts.failed += 1;
    else counts.passed += 1;
  }
  yield JSON.stringify(counts);
}

/**
 * @param {string} type
 * @param {any} data
 */
function isOwnFailure(type, data) {
  const kind = data.details?.error?.failureType;
  return type === 'test:fail' && kind !== undefined && kind !== 'subtestsFailed';
}
