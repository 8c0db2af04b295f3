import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readApps, workspaceRoot } from '@facet/dev';
import type { GatewayConfigReader } from '@facet/gateway';
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IIngress, INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IConfigMap } from 'kubernetes-models/v1';
import { ROLES } from '../src/labels.js';
import { isAllowed, type Endpoint, type Labels } from './support/evaluate.js';
import { faultsOf, hasKubectl, ofKind, render, renderWith, type Read } from './support/rendered.js';

const apps = readApps().filter(({ kind }) => kind !== 'identity');
const gateways = apps.filter(({ kind }) => kind === 'gateway');

/** Debian 12 has a kubectl that knows no components. */
const why = gateways.length === 0 ? 'no gateway here' : hasKubectl ? '' : 'no kubectl that knows components';
const given = why === '' ? describe : describe.skip;
const titled = (title: string) => `${title}${why === '' ? '' : ` (skipped: ${why})`}`;

given(titled('the example overlay, as kubectl renders it'), () => {
  let objects: readonly Read[] = [];

  beforeAll(() => {
    objects = render('overlays/example');
  });

  test('fits the schemas, all of it in one namespace', () => {
    expect(objects.map(faultsOf).filter((fault) => fault !== '')).toEqual([]);
    const namespaces = objects
      .filter(({ kind }) => kind !== 'Namespace')
      .map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces)).toEqual(new Set(['shop']));
  });

  test('takes every image from its registry', () => {
    const images = ofKind<IDeployment>(objects, 'Deployment').map(
      ({ spec }) => spec?.template.spec?.containers[0]?.image,
    );
    expect(images.sort()).toEqual(apps.map(({ name }) => `registry.example.com/shop/${name}:0.1.0`).sort());
  });

  test('has a host of its own for each gateway, by routes or by an Ingress', () => {
    const routes = ofKind<IHTTPRoute>(objects, 'HTTPRoute').filter(
      ({ spec }) => spec.hostnames !== undefined,
    );
    const led = routes.map(({ spec }) => spec.rules?.[0]?.backendRefs?.[0]?.name);
    expect(led.sort()).toEqual(gateways.map(({ name }) => name).sort());
    expect(new Set(routes.map(({ spec }) => spec.hostnames?.[0])).size).toBe(gateways.length);
    const other = renderWith('ingress');
    expect(other.map(faultsOf).filter((fault) => fault !== '')).toEqual([]);
    const backends = ofKind<IIngress>(other, 'Ingress').flatMap(({ spec }) =>
      (spec?.rules ?? []).map(({ http }) => http?.paths[0]?.backend.service?.name),
    );
    expect(backends.sort()).toEqual(gateways.map(({ name }) => name).sort());
  });

  test.each(gateways)('tells $name all that it reads before it starts', async ({ name, needs }) => {
    const file = pathToFileURL(join(workspaceRoot, `apps/${name}/src/${name}.config.ts`)).href;
    const { config } = (await import(file)) as { config: GatewayConfigReader };
    const loaded = config.load({ NODE_ENV: 'production', ...environmentOf(name, objects) });
    const services = needs.filter((each) => apps.some((app) => app.name === each));
    expect(Object.keys(loaded.services).sort()).toEqual([...services].sort());
    for (const [service, places] of Object.entries(loaded.services))
      expect(places).toEqual([expect.stringMatching(new RegExp(`^dns://${service}:\\d+$`))]);
    expect(loaded).toMatchObject({ production: true, admin: { host: '0.0.0.0' }, docs: false });
    expect(loaded.http.trustedProxies).toEqual(['10.0.0.0/8']);
  });

  test('lets through what apps need, and nothing else, between all of them and everybody around', () => {
    const policies = ofKind<INetworkPolicy>(objects, 'NetworkPolicy');
    const ends = endpoints(ofKind<IDeployment>(objects, 'Deployment'));
    const wrong: string[] = [];
    let [allowed, denied] = [0, 0];
    for (const [caller, from] of ends)
      for (const [called, to] of ends)
        for (const port of PORTS) {
          if (caller === called) continue;
          const expected = isNeeded(caller, called, port);
          if (isAllowed({ from, to, port }, policies) !== expected)
            wrong.push(`${caller} → ${called}:${port} should be ${expected}`);
          if (expected) allowed++;
          else denied++;
        }
    expect(wrong).toEqual([]);
    expect([allowed > 2 * apps.length, denied > 1_000]).toEqual([true, true]);
  });

  test('lets every app ask the names of the cluster, and nobody else for them', () => {
    const policies = ofKind<INetworkPolicy>(objects, 'NetworkPolicy');
    const ends = new Map(endpoints(ofKind<IDeployment>(objects, 'Deployment')));
    for (const { name } of apps) {
      const asks = (to: Endpoint) =>
        isAllowed({ from: ends.get(name) ?? { address: '' }, to, port: 53, protocol: 'UDP' }, policies);
      expect([
        asks(around('kube-system', {}, { 'k8s-app': 'kube-dns' })),
        asks(around('elsewhere', {}, { 'k8s-app': 'kube-dns' })),
      ]).toEqual([true, false]);
      expect(asks({ address: '8.8.8.8' })).toBe(false);
    }
  });
});

/** The variables of an app's container, its ConfigMaps' among them. */
function environmentOf(name: string, objects: readonly Read[]): Labels {
  const deployment = ofKind<IDeployment>(objects, 'Deployment').find(
    ({ metadata }) => metadata?.name === name,
  );
  const [container] = deployment?.spec?.template.spec?.containers ?? [];
  const maps = (container?.envFrom ?? []).map(({ configMapRef }) =>
    ofKind<IConfigMap>(objects, 'ConfigMap').find(({ metadata }) => metadata?.name === configMapRef?.name),
  );
  const own = (container?.env ?? []).map((each) => [each.name, each.value ?? '']);
  return {
    ...Object.assign({}, ...maps.map((each) => each?.data ?? {})),
    ...Object.fromEntries(own),
  } as Labels;
}

const around = (namespace: string, labels: Labels, pod: Labels = {}): Endpoint => ({
  pod,
  namespace: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace, ...labels } },
});

/** Each app's pods, and who else there is around a cluster. */
function endpoints(deployments: readonly IDeployment[]): readonly (readonly [string, Endpoint])[] {
  const own = deployments.map(
    ({ metadata, spec }) =>
      [metadata?.name ?? '', around('shop', {}, spec?.template.metadata?.labels)] as const,
  );
  const others = {
    edge: around('ingress', ROLES.edge),
    monitoring: around('observability', ROLES.monitoring),
    data: around('data', ROLES.data),
    neighbour: around('shop', {}, { app: 'of-somebody-else' }),
    stranger: around('elsewhere', {}, own[0]?.[1] !== undefined && 'pod' in own[0][1] ? own[0][1].pod : {}),
    internet: { address: '203.0.113.7' },
    metadata: { address: '169.254.169.254' },
    machine: { address: '10.20.30.40' },
  } satisfies Readonly<Record<string, Endpoint>>;
  return [...own, ...Object.entries(others)];
}

const DATA = { gateway: [6_379, 26_379, 4_318], service: [5_432, 6_379, 4_318], identity: [] };
const PORTS = [
  ...new Set([...apps.flatMap(({ port }) => [port, port + 1]), ...Object.values(DATA).flat(), 22, 80, 443]),
];

/** As `project.json` of each app has it, apart from what the policies are made of. */
function isNeeded(caller: string, called: string, port: number): boolean {
  const from = apps.find(({ name }) => name === caller);
  const to = apps.find(({ name }) => name === called);
  if (from === undefined && to === undefined) return true;
  if (to === undefined) {
    if (called === 'data') return DATA[from?.kind ?? 'identity'].some((each) => each === port);
    return called === 'internet' && port === 443 && (from?.kind === 'gateway' || from?.callsOutside === true);
  }
  if (port === to.port + 1) return caller === 'monitoring';
  if (port !== to.port) return false;
  return to.kind === 'gateway' ? caller === 'edge' : from?.needs.includes(called) === true;
}

describe('the evaluator of policies', () => {
  const pod: Endpoint = around('shop', {}, { app: 'a' });
  const policy = (spec: INetworkPolicy['spec']): INetworkPolicy => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'a', namespace: 'shop' },
    spec,
  });
  const into = (spec: Partial<NonNullable<INetworkPolicy['spec']>>, from: Endpoint, port = 80) =>
    isAllowed({ from, to: pod, port }, [policy({ podSelector: {}, policyTypes: ['Ingress'], ...spec })]);

  test('takes a pod that no policy selects for open, and one that a policy without rules selects for closed', () => {
    const from = around('shop', {}, { app: 'b' });
    expect(isAllowed({ from, to: pod, port: 80 }, [])).toBe(true);
    expect(into({}, from)).toBe(false);
    expect(into({ podSelector: { matchLabels: { app: 'other' } } }, from)).toBe(true);
  });

  test('takes peers of one rule for either, selectors of one peer for both, and an empty rule for everybody', () => {
    const ingress = [
      {
        from: [
          { podSelector: { matchLabels: { app: 'b' } } },
          { namespaceSelector: { matchLabels: { team: 'x' } }, podSelector: { matchLabels: { app: 'c' } } },
        ],
      },
    ];
    expect(into({ ingress }, around('shop', {}, { app: 'b' }))).toBe(true);
    expect(into({ ingress }, around('elsewhere', {}, { app: 'b' }))).toBe(false);
    expect(into({ ingress }, around('elsewhere', { team: 'x' }, { app: 'c' }))).toBe(true);
    expect(into({ ingress }, around('elsewhere', { team: 'x' }, { app: 'b' }))).toBe(false);
    expect(into({ ingress: [{}] }, { address: '203.0.113.7' })).toBe(true);
  });

  test('takes ports, protocols and blocks of addresses as they are written', () => {
    const ingress = [
      {
        from: [{ ipBlock: { cidr: '203.0.0.0/16', except: ['203.0.113.0/24'] } }],
        ports: [{ protocol: 'TCP' as const, port: 80 }],
      },
    ];
    expect(into({ ingress }, { address: '203.0.1.1' })).toBe(true);
    expect(into({ ingress }, { address: '203.0.1.1' }, 81)).toBe(false);
    expect(into({ ingress }, { address: '203.0.113.9' })).toBe(false);
    expect(into({ ingress }, { address: '203.1.1.1' })).toBe(false);
  });
});
