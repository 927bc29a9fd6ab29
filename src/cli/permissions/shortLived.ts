import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from compiling the parser's WebAssembly a second time, for speed: a command reads one line, and its process
 * would wait for that compilation before it ends (0.4 s).
 */
export function compileWasmOnce(): void {
  setFlagsFromString('--wasm-tiering-budget=1000000000');
}
