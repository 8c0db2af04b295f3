import {
  NetworkPolicy,
  type INetworkPolicyEgressRule,
  type INetworkPolicyPeer,
} from 'kubernetes-models/networking.k8s.io/v1';
import { labelsOf, PART_OF, podsOf, ROLES } from './labels.js';
import type { Workload } from './workload.js';

/** Everything of the workspace is closed; a policy of each app opens what it needs. */
export function closed(): readonly NetworkPolicy[] {
  const podSelector = { matchLabels: PART_OF };
  return [
    new NetworkPolicy({
      metadata: { name: 'facet-closed', labels: PART_OF },
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'] },
    }),
    new NetworkPolicy({
      metadata: { name: 'facet-dns', labels: PART_OF },
      spec: { podSelector, policyTypes: ['Egress'], egress: [{ to: [DNS], ports: [udp(53), tcp(53)] }] },
    }),
  ];
}

/** What may call an app, and what it may call: a gateway the services that its own configuration names. */
export function networkPolicy(workload: Workload, all: readonly Workload[]): NetworkPolicy {
  const { name, kind, port } = workload;
  const callers =
    kind === 'gateway'
      ? [inNamespaces(ROLES.edge)]
      : all
          .filter(({ upstreams }) => upstreams.some((each) => each.name === name))
          .map((each) => pods(each.name));
  return new NetworkPolicy({
    metadata: { name, labels: labelsOf(workload) },
    spec: {
      podSelector: { matchLabels: podsOf(name) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        // An empty list would let everybody in.
        ...(callers.length === 0 ? [] : [{ from: callers, ports: [tcp(port)] }]),
        { from: [inNamespaces(ROLES.monitoring)], ports: [tcp(port + 1)] },
      ],
      egress: egressOf(workload),
    },
  });
}

function egressOf({ kind, upstreams, callsOutside }: Workload): INetworkPolicyEgressRule[] {
  return [
    ...upstreams.map(({ name, port }) => ({ to: [pods(name)], ports: [tcp(port)] })),
    { to: [inNamespaces(ROLES.data)], ports: (kind === 'gateway' ? GATEWAY_DATA : SERVICE_DATA).map(tcp) },
    ...(callsOutside ? [{ to: [OUTSIDE], ports: [tcp(443)] }] : []),
  ];
}

/** Redis, its Sentinel, and the collector of traces (OTLP over HTTP). */
const GATEWAY_DATA = [6_379, 26_379, 4_318];
/** PostgreSQL, Redis (a registry, where one is used), and the collector of traces. */
const SERVICE_DATA = [5_432, 6_379, 4_318];

const tcp = (port: number) => ({ protocol: 'TCP' as const, port });
const udp = (port: number) => ({ protocol: 'UDP' as const, port });

const pods = (name: string): INetworkPolicyPeer => ({ podSelector: { matchLabels: podsOf(name) } });
const inNamespaces = (matchLabels: Readonly<Record<string, string>>): INetworkPolicyPeer => ({
  namespaceSelector: { matchLabels },
});

const DNS: INetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

/** The internet: no private address, and not the metadata of a cloud's machines. */
const OUTSIDE: INetworkPolicyPeer = {
  ipBlock: {
    cidr: '0.0.0.0/0',
    except: [
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.168.0.0/16',
    ],
  },
};
