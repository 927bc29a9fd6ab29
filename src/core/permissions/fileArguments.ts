import type { RuleApproval } from './approval.ts';
import { formsOf } from './commandForms.ts';
import { findDenial } from './decidePath.ts';
import { locate, type Places } from './places.ts';
import type { SimpleCommand } from './shell/analysis.ts';

/** What they are given is text, whatever it looks like. */
const TEXTUAL = new Set('echo printf test [ true false : expr seq sleep kill'.split(' '));
/** What they are named is a file, or nothing. */
const FILE_PROGRAMS = new Set(
  (
    'cat tac head tail less more bat nl od xxd hexdump strings base64 wc sort uniq cut paste rev sed awk gawk grep egrep ' +
    'fgrep rg diff cmp cp mv rm ln tee touch truncate install shred chmod chown unlink source . stat file md5sum ' +
    'sha1sum sha256sum bash sh zsh dash node python python3 perl ruby vim vi nano code open jq yq tar zip gzip'
  ).split(' '),
);
const WRITERS = new Set(
  'cp mv rm ln tee touch truncate install shred chmod chown unlink dd sed patch rsync scp mkdir rmdir'.split(
    ' ',
  ),
);

/** A rule about files that an argument of a command falls under. */
export interface DeniedFile {
  readonly by: RuleApproval;
  readonly command: SimpleCommand;
  /** The program surely means the file; of others nobody knows what they do with the word. */
  readonly isCertain: boolean;
}

/** Rules about files that also say what commands may not touch; bare ones (`Read`) are about the tools of that name. */
export interface FileRules {
  readonly reading: readonly RuleApproval[];
  readonly writing: readonly RuleApproval[];
}

/** The first rule that names a file which a command is given; a certain one before others. */
export function findDeniedFile(
  rules: FileRules,
  commands: readonly SimpleCommand[],
  directories: readonly string[],
  places: Places,
): DeniedFile | undefined {
  const reading = rules.reading.filter(({ rule }) => rule.specifier !== undefined);
  const writing = rules.writing.filter(({ rule }) => rule.specifier !== undefined);
  if (reading.length + writing.length === 0) return undefined;
  let uncertain: DeniedFile | undefined;
  for (const command of commands) {
    const [first, ...args] = formsOf(command.words).innermost;
    const program = first?.value?.replace(/^.*\//, '') ?? '';
    if (TEXTUAL.has(program)) continue;
    const meant = WRITERS.has(program) ? [...reading, ...writing] : reading;
    for (const text of args.flatMap(({ value }) => textsOf(value ?? ''))) {
      const located = locate(text, directories);
      const by = 'paths' in located ? findDenial(meant, located.paths, places) : undefined;
      if (by === undefined) continue;
      if (FILE_PROGRAMS.has(program) || WRITERS.has(program))
        return { by, command, isCertain: true };
      uncertain ??= { by, command, isCertain: false };
    }
  }
  return uncertain;
}

/** `secret.txt`, `--file=secret.txt`, `@secret.txt`. */
function textsOf(value: string): string[] {
  const assigned = /^[^=]*=(.+)$/s.exec(value)?.[1];
  return [value, assigned].flatMap((text) => {
    const path = text?.replace(/^@/, '') ?? '';
    return path === '' || path.startsWith('-') ? [] : [path];
  });
}
