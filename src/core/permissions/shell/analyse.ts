import type { ShellAnalysis, SimpleCommand, Redirection } from './analysis.ts';
import type { Assignment } from './assignments.ts';
import { whyDeceptive, whyDeceptiveUnquoted, whyOtherForCmd } from './characters.ts';
import type { ShellGrammar, SyntaxNode } from './grammar.ts';
import { isReserved } from './reserved.ts';
import { Reading, wordsBySeparators, type Role } from './secondReading.ts';
import { readWord, type Word } from './word.ts';

/** Beyond this nobody reads a command line, and parsing a hostile one would take its time. */
export const MAX_COMMAND_CHARACTERS = 10_000;
/** What the shell itself fills, with words that nobody sees in the line. */
const FILLED_BY_SHELL =
  /^([\d@*_-]|IFS|PS\d|PROMPT\w*|RPROMPT|SPROMPT|TIMEFMT|BASH_(COMMAND|EXECUTION_STRING|ARG[CV]|ALIASES|CMDS|REMATCH)|ZSH_EXECUTION_STRING|REPLY|OPTARG|COMP_\w+|DIRSTACK|argv|status|pipestatus)$/;
/** A chain of 100 commands is 100 nodes deep. */
const MAX_DEPTH = 150;

/** Their children are commands again. */
const CONTAINERS = new Set(
  (
    'program list pipeline subshell compound_statement if_statement elif_clause else_clause while_statement ' +
    'do_group negated_command case_item variable_assignments redirected_statement for_statement case_statement'
  ).split(' '),
);
const WORDS = new Set(
  (
    'word string raw_string concatenation number simple_expansion expansion brace_expression extglob_pattern ' +
    'variable_name command_name'
  ).split(' '),
);
/** What always asks, by the grammar's names. */
const CONCERNS = new Map([
  ['heredoc_redirect', 'it contains a here-document'],
  ['function_definition', 'it defines a function'],
  ['declaration_command', 'it declares or exports variables'],
  ['unset_command', 'it unsets variables'],
  ['c_style_for_statement', 'it contains arithmetic'],
  ['arithmetic_expansion', 'it contains arithmetic'],
  ['ERROR', 'it cannot be parsed'],
]);
/** `[[ … ]]` evaluates arithmetic in its operands, which runs substitutions hidden in strings: only plain file and string tests pass. */
const OPERAND = String.raw`(?:[\w./@%+:,-]+|"[\w./@%+:, -]*"|"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})")`;
const PLAIN_TEST = new RegExp(
  String.raw`^(\[|\[\[) +(! +)?(-[defhLrswxnz] +${OPERAND}|${OPERAND} +(=|==|!=) +${OPERAND}) +(\]|\]\])$`,
);

/** Takes a command line apart. Never throws, whatever the text. */
export function analyseShell(text: string, grammar: ShellGrammar): ShellAnalysis {
  const walk = new Walk(text);
  const deceptive = whyDeceptive(text);
  if (deceptive !== undefined) walk.concerns.push(deceptive);
  if (process.platform === 'win32') {
    const foreign = whyOtherForCmd(text);
    if (foreign !== undefined) walk.concerns.push(foreign);
  }
  if (/[^ \t]\\\n/.test(text))
    walk.concerns.push('a line break in the middle of a word hides what it is');
  if (text.length > MAX_COMMAND_CHARACTERS) {
    walk.giveUp(`it is longer than ${MAX_COMMAND_CHARACTERS} characters`);
    return walk;
  }
  grammar.parse(text, (root) => {
    if (root === undefined) walk.giveUp('parsing it takes too long');
    else walk.visitRoot(root);
  });
  return walk;
}

class Walk implements ShellAnalysis {
  readonly commands: SimpleCommand[] = [];
  readonly hidden: SimpleCommand[] = [];
  readonly redirections: Redirection[] = [];
  readonly assignments: Assignment[] = [];
  readonly assigned = new Set<string>();
  readonly concerns: string[] = [];
  hasLoop = false;
  isUnreadable = false;
  readonly #text: string;
  readonly #reading = new Reading();

  constructor(text: string) {
    this.#text = text;
  }

  giveUp(concern: string): void {
    this.isUnreadable = true;
    this.concerns.push(concern);
  }

  visitRoot(root: SyntaxNode): void {
    if (root.hasError) this.giveUp('it cannot be parsed');
    this.#visit(root, 0);
    const doubt = this.#reading.whyDoubtful(this.#text);
    if (doubt !== undefined) {
      if (this.concerns.length === 0) this.concerns.push(doubt);
      this.#takeSecondReading();
    }
    for (const { words } of this.commands) {
      const used = words
        .flatMap(({ variables }) => variables)
        .find((name) => this.assigned.has(name));
      if (used !== undefined) this.concerns.push(`it uses ${used}, which it sets itself`);
    }
  }

  /** For deny rules: what runs if the other reader is right. */
  #takeSecondReading(): void {
    for (const words of wordsBySeparators(this.#text)) {
      const start = words.findIndex(({ raw }) => !/^\w+\+?=/.test(raw) && !isReserved(raw));
      const raw = words.map((word) => word.raw).join(' ');
      if (start !== -1) this.hidden.push({ raw, words: words.slice(start), assignments: [] });
    }
  }

  #visit(node: SyntaxNode, depth: number): void {
    const { type } = node;
    if (depth > MAX_DEPTH) this.giveUp('it is nested too deeply');
    else if (type === 'command') this.#takeCommand(node, depth);
    else if (type === 'file_redirect' || type === 'herestring_redirect')
      this.#takeRedirection(node, depth);
    else if (type === 'variable_assignment')
      this.assignments.push(this.#readAssignment(node, depth, 'loose'));
    else if (type === 'test_command') this.#takeTest(node, depth);
    else if (WORDS.has(type)) this.#takeLooseWord(node, depth);
    else if (CONTAINERS.has(type)) {
      this.hasLoop ||= type === 'do_group';
      for (const child of node.children) if (child !== null) this.#visit(child, depth + 1);
    } else if (!node.isNamed && node.childCount === 0) this.#note(node, 'keyword');
    else if (type !== 'comment') {
      this.concerns.push(CONCERNS.get(type) ?? `it contains ${type.replaceAll('_', ' ')}`);
      this.#takeHidden(node, depth);
    }
  }

  #takeCommand(node: SyntaxNode, depth: number): void {
    const words: Word[] = [];
    const assignments: Assignment[] = [];
    const role = { command: this.commands.length };
    for (const child of node.children) {
      if (child === null) continue;
      if (WORDS.has(child.type)) words.push(this.#readWordNode(child, depth, role));
      else if (child.type === 'variable_assignment')
        assignments.push(this.#readAssignment(child, depth, role));
      // With a redirection before its end, or something that we don't know: `$'…'`, `(…)`, ….
      else this.#visit(child, depth + 1);
    }
    const name = words[0];
    if (name !== undefined && (name.value === undefined || !/^[\w./+-]+$/.test(name.value))) {
      this.concerns.push('which program it runs is only known when it runs');
    }
    this.commands.push({ raw: node.text, words, assignments });
  }

  #takeRedirection(node: SyntaxNode, depth: number): void {
    const targets: Word[] = [];
    let operator = '';
    for (const child of node.children) {
      if (child === null) continue;
      if (WORDS.has(child.type)) targets.push(this.#readWordNode(child, depth, 'redirection'));
      else if (child.type === 'file_descriptor') this.#note(child, 'redirection');
      else if (!child.isNamed && child.childCount === 0) {
        operator = child.text;
        this.#note(child, 'redirection');
      } else this.#visit(child, depth + 1);
    }
    const [target, another] = targets;
    // The grammar takes the words behind the first for targets as well; a shell gives them to the command.
    if (another !== undefined) this.concerns.push('words of a command stand behind a redirection');
    if (target !== undefined && node.type === 'file_redirect')
      this.redirections.push({ operator, target });
    else if (target === undefined && !/^[<>]&-$/.test(operator))
      this.concerns.push('it redirects to nothing');
  }

  #takeTest(node: SyntaxNode, depth: number): void {
    if (!PLAIN_TEST.test(node.text)) this.concerns.push('it contains a test that may run commands');
    this.#noteLeaves(node, depth);
    this.#takeHidden(node, depth);
  }

  /** A value of `for` or `case`, or the variable of a loop. */
  #takeLooseWord(node: SyntaxNode, depth: number): void {
    this.#readWordNode(node, depth, 'loose');
    if (node.type === 'variable_name') this.assigned.add(node.text);
  }

  #readAssignment(node: SyntaxNode, depth: number, role: Role): Assignment {
    this.#note(node, role);
    const [, name = '?', value = ''] = /^(\w+)=(.*)$/s.exec(node.text) ?? [];
    this.assigned.add(name);
    const word = readWord(value);
    this.#examineWord(word);
    this.#takeHidden(node, depth);
    return { name, value: word };
  }

  #readWordNode(node: SyntaxNode, depth: number, role: Role): Word {
    this.#note(node, role);
    const word = readWord(node.text);
    this.#examineWord(word);
    if (node.childCount > 0) this.#takeHidden(node, depth);
    return word;
  }

  #examineWord({ obstacle, unquoted, variables }: Word): void {
    if (obstacle !== undefined) this.concerns.push(`it contains ${obstacle}`);
    const deceptive = whyDeceptiveUnquoted(unquoted);
    if (deceptive !== undefined) this.concerns.push(deceptive);
    const positional = variables.find((name) => FILLED_BY_SHELL.test(name));
    if (positional !== undefined) this.concerns.push(`nobody can tell what $${positional} is`);
  }

  /** For deny rules: the commands anywhere below a node. */
  #takeHidden(node: SyntaxNode, depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const child of node.children) {
      if (child === null || child.childCount === 0) continue;
      if (child.type === 'command' || child.type === 'declaration_command') {
        const words = child.children.flatMap((each) =>
          each !== null && WORDS.has(each.type) ? [readWord(each.text)] : [],
        );
        this.hidden.push({ raw: child.text, words, assignments: [] });
      }
      this.#takeHidden(child, depth + 1);
    }
  }

  #noteLeaves(node: SyntaxNode, depth: number): void {
    if (node.childCount === 0 || WORDS.has(node.type)) this.#note(node, 'loose');
    else if (depth <= MAX_DEPTH) {
      for (const child of node.children) if (child !== null) this.#noteLeaves(child, depth + 1);
    }
  }

  #note({ text, startIndex, endIndex }: SyntaxNode, role: Role): void {
    if (text.trim() !== '') this.#reading.note(startIndex, endIndex, role);
  }
}
