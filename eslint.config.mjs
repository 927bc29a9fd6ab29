import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** node:test's functions return promises that the runner itself awaits. */
const nodeTestCalls = [
  {
    from: 'package',
    package: 'node:test',
    name: ['describe', 'it', 'suite', 'test', 'before', 'after', 'beforeEach', 'afterEach'],
  },
];

const noErrorToast = {
  property: 'showErrorMessage',
  message: 'Throw a HoldfastError; src/vscode/userMessages.ts is the one place that shows errors.',
};

const noProcessFromEditor = {
  name: 'node:child_process',
  message: 'Processes are started and ended in src/core/processes, which knows who owns them.',
};

const noEditor = {
  paths: [{ name: 'vscode', message: 'This code also runs outside the editor.' }],
  patterns: [
    { group: ['**/vscode/**'], message: 'Arrows point from src/vscode to src/core only.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist', 'dist-test', 'dist-vsix', 'test-results', '.vscode-test'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: nodeTestCalls },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['**/*.{ts,mjs,cjs}'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', 400],
      'no-restricted-properties': ['error', noErrorToast],
    },
  },
  {
    files: ['src/{core,cli,guard,keeper,mcp,indexer,model}/**'],
    rules: { 'no-restricted-imports': ['error', noEditor] },
  },
  {
    files: ['src/vscode/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [noProcessFromEditor, { ...noProcessFromEditor, name: 'child_process' }] },
      ],
    },
  },
  {
    files: ['src/vscode/userMessages.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/**', '*.mjs', 'test/**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'AbortSignal',
          'Buffer',
        ]
          .concat(['AbortController', 'setInterval', 'clearInterval', 'performance'])
          .map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'readonly',
        exports: 'readonly',
        process: 'readonly',
      },
    },
  },
  {
    files: ['test/bench/**'],
    rules: { 'no-console': 'off' },
  },
);
