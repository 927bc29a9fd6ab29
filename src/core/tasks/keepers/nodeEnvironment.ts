/** By these a Node is told what to load before its program; a bundle of certificates takes longer than a keeper's start. */
const OF_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'] as const;
/** In front of their names while they are set aside for the command. */
const ASIDE = 'HOLDFAST_COMMAND_';
const setAside = new Map(OF_NODE.map((name) => [name as string, ASIDE + name]));
const putBack = new Map(OF_NODE.map((name) => [ASIDE + name, name as string]));
/** Tells an Electron to be Node. */
const AS_NODE = 'ELECTRON_RUN_AS_NODE';

/** The environment of a Node keeper, from that of its command. */
export function environmentOfKeeper(
  ofCommand: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...renamed(ofCommand, setAside), [AS_NODE]: '1' };
}

/** The command's again, from the keeper's own. */
export function environmentOfCommand(ofKeeper: NodeJS.ProcessEnv): Record<string, string> {
  return renamed({ ...ofKeeper, [AS_NODE]: undefined }, putBack);
}

function renamed(
  environment: NodeJS.ProcessEnv,
  names: ReadonlyMap<string, string>,
): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[names.get(name) ?? name, value] as const],
  );
  return Object.fromEntries(entries);
}
