// The packages' main files are CommonJS in which Node finds no names; the headless one names a module that it lacks.

declare module '@xterm/headless/lib-headless/xterm-headless.mjs' {
  export { Terminal } from '@xterm/headless';
}

declare module '@xterm/addon-serialize/lib/addon-serialize.mjs' {
  export { SerializeAddon } from '@xterm/addon-serialize';
}
