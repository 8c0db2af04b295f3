import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readApps, workspaceRoot } from '@facet/dev';
import { STOP_LIMIT_MS } from '@facet/platform';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IService } from 'kubernetes-models/v1';
import { folder, GENERATED, generatedFiles } from '../src/files.js';
import { workloads, type Workload } from '../src/workload.js';
import { faultsOf, ofKind, readAll, type Read } from './support/rendered.js';

const apps = readApps().filter(({ kind }) => kind !== 'identity');
const hasGateway = apps.some(({ kind }) => kind === 'gateway');
const given = hasGateway ? describe : describe.skip;
const titled = (title: string) => `${title}${hasGateway ? '' : ' (skipped: no gateway here)'}`;
let all: readonly Workload[] = [];
let files: Readonly<Record<string, string>> = {};
let base: readonly Read[] = [];

beforeAll(async () => {
  all = await workloads();
  files = generatedFiles(all);
  base = Object.entries(files).flatMap(([file, text]) =>
    file.startsWith('base/') && !file.endsWith('/kustomization.yaml') ? readAll(text) : [],
  );
});

given(titled('deploy/kubernetes'), () => {
  test('is what `npm run manifests` writes, and no more', () => {
    const found = GENERATED.flatMap((part) =>
      readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
    );
    expect(found.sort()).toEqual(Object.keys(files).sort());
    for (const [file, text] of Object.entries(files))
      expect({ file, text: readFileSync(join(folder, file), 'utf8') }).toEqual({ file, text });
  });

  test('fits the schemas of Kubernetes and of the Gateway API', () => {
    const objects = Object.entries(files).flatMap(([file, text]) =>
      file.startsWith('overlays/') || file.endsWith('/kustomization.yaml') ? [] : readAll(text),
    );
    expect(objects.length).toBeGreaterThan(6 * apps.length);
    expect(objects.map(faultsOf).filter((fault) => fault !== '')).toEqual([]);
    const [one] = ofKind<Read>(objects, 'Deployment');
    expect(faultsOf({ ...one, spec: { replicas: 'two' } } as unknown as Read)).toMatch(/replicas/);
  });

  test('has all that belongs to an app, for every app that is shipped', () => {
    for (const kind of ['ServiceAccount', 'Deployment', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'])
      expect([kind, namesOf(kind).sort()]).toEqual([kind, apps.map(({ name }) => name).sort()]);
    for (const kind of ['Service', 'NetworkPolicy'])
      expect(namesOf(kind)).toEqual(expect.arrayContaining(apps.map(({ name }) => name)));
  });

  test('keeps one of each app while others go', () => {
    for (const { spec } of ofKind<IPodDisruptionBudget>(base, 'PodDisruptionBudget'))
      expect(spec?.maxUnavailable).toBe(1);
    for (const { spec } of ofKind<IHorizontalPodAutoscaler>(base, 'HorizontalPodAutoscaler'))
      expect(spec?.minReplicas).toBeGreaterThanOrEqual(2);
    for (const { spec } of deployments())
      expect(spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });
});

const namesOf = (kind: string): string[] => ofKind<Read>(base, kind).map(({ metadata }) => metadata.name);
const deployments = () => ofKind<IDeployment>(base, 'Deployment');
const podOf = (deployment: IDeployment) => {
  const pod = deployment.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  if (pod === undefined || container === undefined) throw new Error('a deployment without a container');
  return { pod, container, name: deployment.metadata?.name ?? '' };
};

given(titled('the pods of deploy/kubernetes'), () => {
  test('may do what the standard "restricted" of pod security lets them, and write to /tmp alone', () => {
    for (const { pod, container } of deployments().map(podOf)) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect([pod.hostNetwork, pod.hostPID, pod.hostIPC, pod.automountServiceAccountToken]).toEqual([
        undefined,
        undefined,
        undefined,
        false,
      ]);
      expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
      expect(pod.volumes?.map(({ emptyDir }) => emptyDir !== undefined)).toEqual([true]);
    }
  });

  test('have the time that a process takes to stop, its drain included', () => {
    for (const { pod, container, name } of deployments().map(podOf)) {
      const before = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
      const drain = all.find((each) => each.name === name)?.drainDelayMs ?? 0;
      expect(drain).toBeLessThan(STOP_LIMIT_MS);
      expect(before).toBeGreaterThan(5);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(before + STOP_LIMIT_MS / 1_000);
    }
    expect(all.filter(({ kind, drainDelayMs }) => kind === 'gateway' && drainDelayMs === 0)).toEqual([]);
  });

  test('are asked on their admin ports whether they live and whether they are ready', () => {
    for (const { container, name } of deployments().map(podOf)) {
      const app = apps.find((each) => each.name === name);
      expect(container.ports?.map(({ containerPort }) => containerPort)).toEqual([
        app?.port,
        (app?.port ?? 0) + 1,
      ]);
      const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
        (probe) => probe?.httpGet,
      );
      expect(paths).toEqual(
        ['/health/live', '/health/live', '/health/ready'].map((path) => ({ path, port: 'admin' })),
      );
    }
  });

  test('of gateways find each service by the name of a headless service, whose pods listen there', () => {
    const services = ofKind<IService>(base, 'Service');
    for (const gateway of all.filter(({ kind }) => kind === 'gateway')) {
      const { container } = podOf(
        deployments().find(({ metadata }) => metadata?.name === gateway.name) ?? ({} as IDeployment),
      );
      const places = (container.env ?? []).filter(({ name }) => name.endsWith('_ADDRESSES'));
      expect(places.length).toBe(gateway.upstreams.length);
      for (const { value = '' } of places) {
        const { hostname, port } = new URL(value);
        const service = services.find(({ metadata }) => metadata?.name === hostname);
        expect([hostname, service?.spec?.clusterIP]).toEqual([hostname, 'None']);
        const selected = deployments().filter(({ spec }) =>
          isSelected(spec?.template.metadata?.labels, service?.spec?.selector),
        );
        expect(selected.map(podOf).map(({ container: { ports } }) => ports?.[0]?.containerPort)).toEqual([
          Number(port),
        ]);
      }
    }
  });

  test('hold no secret: it is in a Secret of their own name', () => {
    for (const { container, name } of deployments().map(podOf)) {
      expect(container.envFrom?.at(-1)).toEqual({ secretRef: { name } });
      expect(container.env?.filter((each) => /SECRET|PASSWORD|KEY|TOKEN|_URL$/.test(each.name))).toEqual([]);
    }
    expect(namesOf('Secret')).toEqual([]);
  });

  test('are scaled by metrics that they have', () => {
    const dashboards = join(workspaceRoot, 'deploy/observability/grafana/dashboards');
    const known = readdirSync(dashboards)
      .map((file) => readFileSync(join(dashboards, file), 'utf8'))
      .join('\n');
    for (const { metadata, spec } of ofKind<IHorizontalPodAutoscaler>(base, 'HorizontalPodAutoscaler')) {
      expect(spec?.scaleTargetRef).toEqual({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: metadata?.name,
      });
      expect(spec?.metrics?.map(({ type }) => type).at(-1)).toBe('Resource');
      for (const { pods } of spec?.metrics ?? [])
        if (pods !== undefined)
          expect([pods.metric.name, known.includes(pods.metric.name)]).toEqual([pods.metric.name, true]);
    }
  });

  test('are found by Prometheus by the names that its configuration asks for', () => {
    const asked = readFileSync(join(workspaceRoot, 'deploy/observability/prometheus.dns.yml'), 'utf8');
    for (const [, port, name] of asked.matchAll(/_(\w+)\._tcp\.([\w-]+)/g)) {
      const service = ofKind<IService>(base, 'Service').find(({ metadata }) => metadata?.name === name);
      expect(service?.spec?.ports?.map((each) => each.name)).toEqual([port]);
      const selected = deployments().filter(({ spec }) =>
        isSelected(spec?.template.metadata?.labels, service?.spec?.selector),
      );
      expect(selected.length).toBeGreaterThan(0);
    }
  });
});

type Labels = Readonly<Record<string, string>>;

const isSelected = (labels: Labels = {}, selector: Labels = { none: 'selected' }): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
