import path from 'node:path';

/** Every folder that the scripts share, so that none is spelled twice. */
export const root = path.resolve(import.meta.dirname, '../..');
export const cacheDir = path.join(root, '.vscode-test');
export const distDir = path.join(root, 'dist');
export const vsixFile = path.join(root, 'dist-vsix', 'holdfast.vsix');
export const hostTestsOutDir = path.join(root, 'dist-test', 'host');
export const resultsDir = path.join(root, 'test-results');
export const screenshotsDir = path.join(resultsDir, 'screenshots');
