import type {
  INetworkPolicy,
  INetworkPolicyPeer,
  INetworkPolicyPort,
} from 'kubernetes-models/networking.k8s.io/v1';

export type Labels = Readonly<Record<string, string>>;

/** Who calls, or is called: a pod, or an address outside the cluster. */
export type Endpoint =
  | { readonly pod: Labels; readonly namespace: { readonly name: string; readonly labels: Labels } }
  | { readonly address: string };

export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  /** Default TCP. */
  readonly protocol?: 'TCP' | 'UDP';
}

/**
 * Whether policies of a namespace let a connection through, as the API's documentation has it: a pod that no policy of a direction
 * selects is open in that direction; of those that select it one has to allow the connection. It has to leave and to arrive.
 */
export function isAllowed(connection: Connection, policies: readonly INetworkPolicy[]): boolean {
  return leaves(connection, policies) && arrives(connection, policies);
}

function leaves(connection: Connection, policies: readonly INetworkPolicy[]): boolean {
  const selecting = policies.filter((policy) => selects(policy, connection.from, 'Egress'));
  const rules = selecting.flatMap((policy) => (policy.spec?.egress ?? []).map((rule) => ({ policy, rule })));
  return (
    selecting.length === 0 ||
    rules.some(({ policy, rule }) => fits(rule.to, rule.ports, connection.to, { connection, policy }))
  );
}

function arrives(connection: Connection, policies: readonly INetworkPolicy[]): boolean {
  const selecting = policies.filter((policy) => selects(policy, connection.to, 'Ingress'));
  const rules = selecting.flatMap((policy) => (policy.spec?.ingress ?? []).map((rule) => ({ policy, rule })));
  return (
    selecting.length === 0 ||
    rules.some(({ policy, rule }) => fits(rule.from, rule.ports, connection.from, { connection, policy }))
  );
}

function selects(
  { spec, metadata }: INetworkPolicy,
  endpoint: Endpoint,
  direction: 'Ingress' | 'Egress',
): boolean {
  if (!('pod' in endpoint) || spec?.policyTypes?.includes(direction) !== true) return false;
  return endpoint.namespace.name === metadata?.namespace && hasLabels(endpoint.pod, spec.podSelector);
}

interface Context {
  readonly connection: Connection;
  readonly policy: INetworkPolicy;
}

/** A rule without peers or without ports fits all of them. */
function fits(
  peers: readonly INetworkPolicyPeer[] = [],
  ports: readonly INetworkPolicyPort[] = [],
  other: Endpoint,
  { connection, policy }: Context,
): boolean {
  const { port: wanted, protocol: by = 'TCP' } = connection;
  const isPort =
    ports.length === 0 || ports.some(({ port, protocol = 'TCP' }) => port === wanted && protocol === by);
  return (
    isPort && (peers.length === 0 || peers.some((peer) => isPeer(peer, other, policy.metadata?.namespace)))
  );
}

function isPeer(
  { podSelector, namespaceSelector, ipBlock }: INetworkPolicyPeer,
  other: Endpoint,
  own = '',
): boolean {
  if (ipBlock !== undefined)
    return (
      'address' in other &&
      isIn(ipBlock.cidr, other.address) &&
      !(ipBlock.except ?? []).some((each) => isIn(each, other.address))
    );
  if (!('pod' in other)) return false;
  const isNamespace =
    namespaceSelector === undefined
      ? other.namespace.name === own
      : hasLabels(other.namespace.labels, namespaceSelector);
  return isNamespace && hasLabels(other.pod, podSelector);
}

/** Throws for a selector that is more than labels: nothing here has one. */
function hasLabels(labels: Labels, selector: INetworkPolicyPeer['podSelector'] = {}): boolean {
  if (selector.matchExpressions !== undefined) throw new Error('matchExpressions are not known here');
  return Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

function isIn(cidr: string, address: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
