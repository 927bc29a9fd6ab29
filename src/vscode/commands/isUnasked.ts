/** Whether a command was called (by a keybinding, a test, another extension) with `{ "confirm": false }`. */
export function isUnasked(options: unknown): boolean {
  return (
    typeof options === 'object' &&
    options !== null &&
    'confirm' in options &&
    options.confirm === false
  );
}
