// Runs inside the extension host: VS Code calls run() and ends when it is settled.
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; use "npm run test:host".`);
  return value;
}

/**
 * Mocha's reporters print with console.log, which in an extension host leads to the workbench and
 * its noise. A file gives the same plain report in every kind of VS Code.
 */
function sendReportTo(file: string): void {
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => {
    appendFileSync(file, `${format(...parts)}\n`);
  };
}

export async function run(): Promise<void> {
  const summaryFile = requiredEnvironment('HOLDFAST_HOST_SUMMARY');
  sendReportTo(requiredEnvironment('HOLDFAST_HOST_REPORT'));
  const files = JSON.parse(requiredEnvironment('HOLDFAST_HOST_SUITES')) as string[];
  const grep = process.env['HOLDFAST_HOST_GREP'];
  // For what hangs beyond every deadline of its own.
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, color: false, ...(grep && { grep }) });
  for (const file of files) mocha.addFile(path.resolve(file));

  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => {
        resolve();
      })
      .on('pass', () => (counts.passed += 1))
      .on('fail', () => (counts.failed += 1))
      .on('pending', () => (counts.skipped += 1));
  });
  writeFileSync(summaryFile, JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${String(counts.failed)} host test(s) failed.`);
}
