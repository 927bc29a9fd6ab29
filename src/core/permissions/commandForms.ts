import { wordsToSpellOut } from './shell/subcommands.ts';
import type { Word } from './shell/word.ts';
import { readWord } from './shell/word.ts';
import { isRunner, unwrap } from './shell/wrappers.ts';

/** The ways in which rules may look at one command. */
export interface CommandForms {
  /** Without its wrappers (`timeout 60`, `env`, `xargs`, …). */
  readonly innermost: readonly Word[];
  /** What an allow rule may cover. */
  readonly allowable: readonly AllowableForm[];
  /** What a deny rule may reach. */
  readonly deniable: readonly (readonly Word[])[];
  readonly concern: string | undefined;
}

export interface AllowableForm {
  readonly words: readonly Word[];
  /** How many words a rule has to spell out: up to what is really run. */
  readonly minWords: number;
}

const MAX_WRAPPERS = 8;
const MAX_OPTION_VALUES = 3;

export function formsOf(words: readonly Word[]): CommandForms {
  const stages = [words];
  let innermost = words;
  let innerIndex = 0;
  let isTransparent = true;
  let concern: string | undefined;
  for (let unwrapped = unwrap(words); unwrapped !== undefined; unwrapped = unwrap(innermost)) {
    concern ??= unwrapped.concern;
    if (stages.length > MAX_WRAPPERS) concern ??= 'it is wrapped too often';
    if (stages.length > MAX_WRAPPERS || unwrapped.concern !== undefined) break;
    innermost = unwrapped.inner;
    innerIndex += unwrapped.innerIndex;
    isTransparent &&= unwrapped.isTransparent;
    stages.push(innermost);
  }
  const ownWords = wordsToSpellOut(innermost);
  const added = innermost.at(-1);
  const outermost = added?.raw === '…' && words !== innermost ? [...words, added] : words;
  return {
    innermost,
    allowable: [
      { words: outermost, minWords: innerIndex + ownWords },
      ...(isTransparent && innerIndex > 0 ? [{ words: innermost, minWords: ownWords }] : []),
    ],
    deniable: deniableForms(stages),
    concern,
  };
}

/** Each stage by the program's own name as well; and for programs that run others, from every word on. */
function deniableForms(stages: readonly (readonly Word[])[]): (readonly Word[])[] {
  const last = stages.at(-1) ?? [];
  const name = last[0]?.value?.replace(/^.*\//, '') ?? '';
  const runsOthers =
    isRunner(name) || /^(find|fd|fdfind)$/.test(name) || unwrap(last) !== undefined;
  const suffixes = runsOthers ? last.map((_word, index) => last.slice(index)) : [];
  return [...stages, ...suffixes, ...withoutOptions(last)].flatMap((words) => [
    words,
    ...withPlainName(words),
  ]);
}

/** `git -C sub push` is `git push`, for those who deny it; the first word without a dash may be an option's value. */
function withoutOptions(words: readonly Word[]): (readonly Word[])[] {
  const [name, ...args] = words;
  if (name === undefined || args[0]?.visible.startsWith('-') !== true) return [];
  const starts = args.flatMap(({ visible }, index) => (visible.startsWith('-') ? [] : [index]));
  return starts.slice(0, MAX_OPTION_VALUES).map((index) => [name, ...args.slice(index)]);
}

/** `/bin/rm` is `rm`, for those who deny it. */
function withPlainName(words: readonly Word[]): (readonly Word[])[] {
  const [first, ...rest] = words;
  const plain = first?.value?.replace(/^.*\//, '');
  return plain === undefined || plain === first?.value ? [] : [[readWord(plain), ...rest]];
}
