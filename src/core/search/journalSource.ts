import { textsOfLine } from '../sessions/journalTexts.ts';
import { listJournals } from '../sessions/sessionFiles.ts';
import { listWorkspaces } from '../store/workspace.ts';
import { plainText } from './plainText.ts';
import type { SourceFile, SourceText, TextSource } from './textSource.ts';

const JOURNALS = 'session';

/** The journals of all workspaces of a home. */
export function journalSource(home: string): TextSource {
  return { name: JOURNALS, list: () => listFiles(home), textsOf };
}

function listFiles(home: string): SourceFile[] {
  return listWorkspaces(home).flatMap((workspace) =>
    listJournals(workspace).map(({ id, ...file }) => ({
      ...file,
      source: JOURNALS,
      workspace: workspace.folder,
      key: id,
    })),
  );
}

function textsOf(line: Buffer): SourceText[] {
  return textsOfLine(line, 0).flatMap(({ kind, role, atMs, text }) => {
    const plain = plainText(text);
    return plain === '' ? [] : [{ kind, role, atMs, text: plain }];
  });
}
