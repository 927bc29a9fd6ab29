import { plainText } from '../../../search/plainText.ts';
import type { SourceFile, TextSource } from '../../../search/textSource.ts';
import { summaryOf } from './foldTranscript.ts';
import { glanceAtTranscript } from './scanTranscript.ts';
import { SummaryCache } from './summaryCache.ts';
import { listTranscriptFiles } from './transcriptFiles.ts';
import { transcriptTexts } from './transcriptTexts.ts';

/** Stored in the index. */
export const TRANSCRIPTS = 'claude';

/** The transcripts of all projects of Claude Code. */
export function transcriptSource(home: string, claudeDirectory: string): TextSource {
  return {
    name: TRANSCRIPTS,
    list: () => listFiles(home, claudeDirectory),
    textsOf: (line) =>
      transcriptTexts(line).flatMap((text) => {
        const plain = plainText(text.text);
        return plain === '' ? [] : [{ ...text, text: plain }];
      }),
  };
}

function listFiles(home: string, claudeDirectory: string): SourceFile[] {
  const files = listTranscriptFiles(claudeDirectory);
  if (files.length === 0) return [];
  const cache = new SummaryCache(home);
  return files.map((file) => {
    const summary = cache.summaryFor(file.path)?.summary ?? summaryOf(glanceAtTranscript(file));
    const { id, path, sizeBytes, mtimeMs, inode } = file;
    // What names a file in the index has to stay: the folder of the first line does.
    const workspace = summary.cwd ?? file.slug;
    const shared = { source: TRANSCRIPTS, workspace, key: id, isCompressed: false };
    return { ...shared, path, sizeBytes, mtimeMs, inode };
  });
}
