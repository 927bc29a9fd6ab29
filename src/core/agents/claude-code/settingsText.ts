import {
  applyEdits,
  modify,
  parse,
  type FormattingOptions,
  type JSONPath,
  type ParseError,
} from 'jsonc-parser';
import { HoldfastError } from '../../common/errors.ts';
import {
  CHAINED_PREFIX_VARIABLE,
  hookGroups,
  isOwnHook,
  MCP_SERVER_NAME,
  mcpServerEntry,
  NEEDED_EVENTS,
  PREFIX_VARIABLE,
  type HoldfastParts,
  type HookGroup,
} from './holdfastParts.ts';

/** The settings of Claude Code as texts: what is ours is put in and taken out, everything else stays as it was written. */

type Json = Readonly<Record<string, unknown>>;

/** What a text of settings has of ours, be it of this version of Holdfast or of an earlier one. */
export interface SettingsState {
  readonly hasPrefix: boolean;
  readonly hasHooks: boolean;
  /** The user's own prefix, be it chained to ours or not. */
  readonly ownPrefix: string | undefined;
}

/** @throws HoldfastError `claude.settingsInvalid`. */
export function readSettings(text: string, file: string, parts: HoldfastParts): SettingsState {
  const settings = parseSettings(text, file);
  const environment = objectIn(settings, 'env');
  const hooks = objectIn(settings, 'hooks');
  const prefix = environment[PREFIX_VARIABLE];
  const hasPrefix = parts.prefixPlaces.some((place) => place === prefix);
  const own = hasPrefix ? environment[CHAINED_PREFIX_VARIABLE] : prefix;
  return {
    hasPrefix,
    hasHooks: NEEDED_EVENTS.every((event) => hasOwnHook(hooks[event], parts)),
    ownPrefix: typeof own === 'string' && own !== '' ? own : undefined,
  };
}

/**
 * Adds the prefix and the hooks. A prefix that is there is kept and chained; hooks that are there stay first.
 * @param options.enableMcp also lets Claude Code start our server of `.mcp.json` without a question.
 * @throws HoldfastError `claude.settingsInvalid`.
 */
export function addToSettings(
  text: string,
  file: string,
  parts: HoldfastParts,
  options: { readonly enableMcp: boolean },
): string {
  const edit = new JsonEdit(text, file);
  const { hasPrefix, ownPrefix } = readSettings(text, file, parts);
  if (!hasPrefix && ownPrefix !== undefined) edit.set(['env', CHAINED_PREFIX_VARIABLE], ownPrefix);
  edit.set(['env', PREFIX_VARIABLE], parts.prefix);
  for (const { event, group } of hookGroups(parts)) putHook(edit, event, group, parts);
  if (options.enableMcp) {
    const enabled = edit.value['enabledMcpjsonServers'];
    const isEnabled = Array.isArray(enabled) && enabled.includes(MCP_SERVER_NAME);
    if (!isEnabled) edit.append(['enabledMcpjsonServers'], MCP_SERVER_NAME);
  }
  return edit.text;
}

/** A hook of ours that an earlier version has written gives way. */
function putHook(edit: JsonEdit, event: string, group: HookGroup, parts: HoldfastParts): void {
  const groups = objectIn(edit.value, 'hooks')[event];
  const own = Array.isArray(groups) ? groups.filter((one) => isOwnGroup(one, parts)) : [];
  if (own.length === 1 && JSON.stringify(own[0]) === JSON.stringify(group)) return;
  edit.removeWhere(['hooks', event], (one) => isOwnGroup(one, parts));
  edit.append(['hooks', event], group);
}

/**
 * Takes out what is ours and nothing else. Gives the very text when nothing of ours is in it, undefined when nothing else
 * is left.
 * @param original what it was before, where that is known: an empty part that it has is not ours.
 * @throws HoldfastError `claude.settingsInvalid`.
 */
export function removeFromSettings(
  text: string,
  file: string,
  parts: HoldfastParts,
  original = '',
): string | undefined {
  const edit = new JsonEdit(text, file, original);
  const { hasPrefix, ownPrefix } = readSettings(text, file, parts);
  edit.takeFrom(['env'], () => {
    if (hasPrefix) edit.set(['env', PREFIX_VARIABLE], ownPrefix);
    edit.set(['env', CHAINED_PREFIX_VARIABLE], undefined);
  });
  edit.takeFrom(['hooks'], () => {
    for (const event of Object.keys(objectIn(edit.value, 'hooks'))) {
      edit.takeFrom(['hooks', event], () => {
        edit.removeWhere(['hooks', event], (group) => isOwnGroup(group, parts));
      });
    }
  });
  edit.takeFrom(['enabledMcpjsonServers'], () => {
    edit.removeWhere(['enabledMcpjsonServers'], (name) => name === MCP_SERVER_NAME);
  });
  return edit.rest;
}

/** Adds our server to `.mcp.json`. @throws HoldfastError `claude.settingsInvalid`. */
export function addToMcp(text: string, file: string, parts: HoldfastParts): string {
  const edit = new JsonEdit(text, file);
  const entry = mcpServerEntry(parts);
  const there = objectIn(edit.value, 'mcpServers')[MCP_SERVER_NAME];
  if (JSON.stringify(there) !== JSON.stringify(entry)) {
    edit.set(['mcpServers', MCP_SERVER_NAME], entry);
  }
  return edit.text;
}

/** As {@link removeFromSettings}, of `.mcp.json`. */
export function removeFromMcp(text: string, file: string, original = ''): string | undefined {
  const edit = new JsonEdit(text, file, original);
  edit.takeFrom(['mcpServers'], () => {
    edit.set(['mcpServers', MCP_SERVER_NAME], undefined);
  });
  return edit.rest;
}

export function hasMcpServer(text: string, file: string): boolean {
  return MCP_SERVER_NAME in objectIn(parseSettings(text, file), 'mcpServers');
}

/** Edits of a JSON text, with comments or not, that leave its other parts and its way of indenting alone. */
class JsonEdit {
  text: string;
  readonly #file: string;
  readonly #given: string;
  readonly #original: unknown;
  readonly #formatting: FormattingOptions;
  #isChanged = false;

  /** @param original what it was before it had anything of ours. */
  constructor(text: string, file: string, original = '') {
    this.#file = file;
    this.#given = text;
    this.#original = parse(original, [], { allowTrailingComma: true });
    this.text = text.trim() === '' ? '{}\n' : text;
    this.#formatting = formattingOf(text);
    parseSettings(this.text, file);
  }

  get value(): Json {
    return parseSettings(this.text, this.#file);
  }

  /** What is left after something was taken out, undefined when that is nothing. Comments are the user's. */
  get rest(): string | undefined {
    if (!this.#isChanged) return this.#given;
    return /^\s*\{\s*\}\s*$/.test(this.text) ? undefined : this.text;
  }

  /** Undefined removes. */
  set(path: JSONPath, value: unknown): void {
    if (valueAt(this.value, path) === value) return;
    this.#isChanged = true;
    const options = { formattingOptions: this.#formatting };
    this.text = applyEdits(this.text, modify(this.text, path, value, options));
  }

  append(path: JSONPath, value: unknown): void {
    const list = valueAt(this.value, path);
    if (!Array.isArray(list)) {
      this.set(path, [value]);
      return;
    }
    const options = { formattingOptions: this.#formatting, isArrayInsertion: true };
    this.text = applyEdits(this.text, modify(this.text, [...path, list.length], value, options));
  }

  removeWhere(path: JSONPath, isWanted: (value: unknown) => boolean): void {
    const list = valueAt(this.value, path);
    if (!Array.isArray(list)) return;
    // From the end, so that the places before stay what they are.
    for (let at = list.length - 1; at >= 0; at -= 1) {
      if (isWanted(list[at])) this.set([...path, at], undefined);
    }
  }

  /** Drops the list or object at the path when it has become empty by that. One that was empty before is the user's. */
  takeFrom(path: JSONPath, take: () => void): void {
    const before = this.text;
    take();
    const value = valueAt(this.value, path);
    if (this.text === before || typeof value !== 'object' || value === null) return;
    const isTheirs = valueAt(this.#original, path) !== undefined;
    if (Object.keys(value).length === 0 && !isTheirs) this.set(path, undefined);
  }
}

function valueAt(settings: unknown, path: JSONPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Json)[key] : undefined,
    settings,
  );
}

function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function parseSettings(text: string, file: string): Json {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (text.trim() === '') return {};
  if (errors.length === 0 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Json;
  }
  throw new HoldfastError('claude.settingsInvalid', `${file} is no JSON object`, {
    data: { path: file },
  });
}

function objectIn(settings: Json, name: string): Json {
  const value = settings[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

function hasOwnHook(groups: unknown, parts: HoldfastParts): boolean {
  return Array.isArray(groups) && groups.some((group) => isOwnGroup(group, parts));
}

function isOwnGroup(group: unknown, parts: HoldfastParts): boolean {
  if (typeof group !== 'object' || group === null || !('hooks' in group)) return false;
  const { hooks } = group;
  return (
    Array.isArray(hooks) &&
    hooks.length > 0 &&
    hooks.every((hook: unknown) => {
      return (
        typeof hook === 'object' &&
        hook !== null &&
        'command' in hook &&
        isOwnHook(hook.command, parts)
      );
    })
  );
}
