import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Node, Parser } from '@vscode/tree-sitter-wasm';

export type SyntaxNode = Node;

const RUNTIME = 'tree-sitter.wasm';
const GRAMMAR = 'tree-sitter-bash.wasm';
/** Real command lines take a millisecond. */
const MAX_PARSE_MS = 250;

/** Parses command lines with the grammar that VS Code uses for its terminals' auto-approval. */
export interface ShellGrammar {
  /** Calls back with the tree of a text, which is good during the call only; undefined when parsing took too long. */
  parse<T>(text: string, use: (root: SyntaxNode | undefined) => T): T;
}

const loaded = new Map<string, Promise<ShellGrammar>>();

/** Loads the grammar, once per process. `directory` holds the two .wasm files: beside the bundle, unless given. */
export function loadShellGrammar(directory = findGrammarDirectory()): Promise<ShellGrammar> {
  const known = loaded.get(directory);
  if (known !== undefined) return known;
  const loading = load(directory);
  loaded.set(directory, loading);
  // A failure must not last until the window is closed.
  loading.catch(() => loaded.delete(directory));
  return loading;
}

async function load(directory: string): Promise<ShellGrammar> {
  const { default: treeSitter } = await import('@vscode/tree-sitter-wasm');
  const options = {
    wasmBinary: readWasm(directory, RUNTIME),
    locateFile: (file: string) => path.join(directory, file),
  };
  await treeSitter.Parser.init(options);
  const language = await treeSitter.Language.load(readWasm(directory, GRAMMAR));
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  return { parse: (text, use) => parseWith(parser, text, use) };
}

/** Beside the bundle they are packed: Brotli saves 70 kB over the zip of the package, and costs 4 ms. */
function readWasm(directory: string, name: string): Buffer {
  const packed = packedFile(directory, name);
  return existsSync(packed)
    ? brotliDecompressSync(readFileSync(packed))
    : readFileSync(path.join(directory, name));
}

function packedFile(directory: string, name: string): string {
  return path.join(directory, `${name}.br`);
}

function parseWith<T>(parser: Parser, text: string, use: (root: SyntaxNode | undefined) => T): T {
  const deadline = performance.now() + MAX_PARSE_MS;
  const tree = parser.parse(text, undefined, {
    progressCallback: () => performance.now() > deadline,
  });
  if (tree === null) {
    // Else the next parse would go on with this text.
    parser.reset();
    return use(undefined);
  }
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

/** The files lie beside the bundle; a source tree has them in its dependencies. */
function findGrammarDirectory(): string {
  const own = import.meta.dirname;
  const inSources = path.resolve(own, '../../../../node_modules/@vscode/tree-sitter-wasm/wasm');
  return existsSync(packedFile(own, GRAMMAR)) || existsSync(path.join(own, GRAMMAR))
    ? own
    : inSources;
}
