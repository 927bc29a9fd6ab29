import type { RuleApproval } from './approval.ts';
import { decided, expiredNote, type Decision, type RulesInForce } from './decision.ts';
import { showText, whyDeceptive } from './shell/characters.ts';
import { mainArgument, textArgument, textsOf, type ToolInput } from './toolInput.ts';

type Covers = (rule: RuleApproval) => boolean;

/** Decides about fetching a page: by the host that the address really leads to. */
export function decideFetch(input: ToolInput, rules: RulesInForce): Decision {
  const url = textArgument(input, 'url') ?? '';
  const host = hostOf(url);
  if (host === undefined) {
    return bareDenial(rules) ?? decided('ask', `${showText(url)} is no web address`);
  }
  const allows: Covers = ({ rule }) => hostMatches(rule.specifier, host);
  // Who denies example.com does not want api.example.com either.
  const forbids: Covers = ({ rule }) =>
    hostMatches(rule.specifier, host) || host.endsWith(`.${domainOf(rule.specifier)}`);
  return byRules(rules, `fetching from ${host}`, { allows, forbids });
}

/** Decides about a tool of which only the name is known: of an MCP server, of an extension. */
export function decideNamed(tool: string, input: ToolInput, rules: RulesInForce): Decision {
  const main = mainArgument(input);
  const allows: Covers = ({ rule }) =>
    rule.specifier === undefined ||
    (main !== undefined && whyDeceptive(main) === undefined && main === rule.specifier);
  const forbids: Covers = ({ rule }) =>
    rule.specifier === undefined || textsOf(input).includes(rule.specifier);
  return byRules(rules, tool, { allows, forbids });
}

function byRules(
  { deny, ask, allow, expired }: RulesInForce,
  what: string,
  { allows, forbids }: { allows: Covers; forbids: Covers },
): Decision {
  const denied = deny.find(forbids);
  if (denied) return decided('deny', `${what} is denied by ${denied.rule.text}`, denied);
  const asked = ask.find(forbids);
  if (asked) return decided('ask', `${asked.rule.text} says to ask about ${what}`, asked);
  const allowed = allow.find(allows);
  if (allowed) return decided('allow', `${what} is covered by ${allowed.rule.text}`, allowed);
  return decided(
    'ask',
    `${what} is not covered by an approval${expiredNote(expired.find(allows))}`,
  );
}

function bareDenial({ deny }: RulesInForce): Decision | undefined {
  const by = deny.find(({ rule }) => rule.specifier === undefined);
  return by && decided('deny', `it is denied by ${by.rule.text}`, by);
}

function hostOf(text: string): string | undefined {
  if (whyDeceptive(text) !== undefined) return undefined;
  try {
    const url = new URL(text);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.hostname !== '' ? url.hostname.replace(/\.$/, '') : undefined;
  } catch {
    return undefined;
  }
}

function hostMatches(specifier: string | undefined, host: string): boolean {
  if (specifier === undefined) return true;
  const domain = domainOf(specifier);
  return specifier.includes('*.') ? host.endsWith(`.${domain}`) : host === domain;
}

function domainOf(specifier = ''): string {
  return specifier
    .toLowerCase()
    .replace(/^domain:(\*\.)?/, '')
    .replace(/\.$/, '');
}
