import { STOP_LIMIT_MS } from '@facet/platform';
import { Deployment } from 'kubernetes-models/apps/v1';
import { labelsOf, podsOf } from './labels.js';
import type { Workload } from './workload.js';

/**
 * Until no balancer and no DNS answer (5 s in a cluster) names the pod any more. It serves meanwhile, and is asked to stop only
 * then.
 */
export const PRE_STOP_SECONDS = 8;

/** What a process takes to stop at most, its drain included, and a margin. */
export const GRACE_SECONDS = PRE_STOP_SECONDS + STOP_LIMIT_MS / 1_000 + 7;

/** The user of the images. */
const USER = 65_532;

/** Requests decide where a pod fits, and what autoscaling by CPU compares with. CPU has no limit: one would only delay answers. */
const RESOURCES = {
  gateway: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '512Mi' } },
  service: { requests: { cpu: '250m', memory: '192Mi' }, limits: { memory: '384Mi' } },
};

/** Replicas are left to the autoscaler. */
export function deployment(workload: Workload): Deployment {
  const { name, kind } = workload;
  return new Deployment({
    metadata: { name, labels: labelsOf(workload) },
    spec: {
      revisionHistoryLimit: 3,
      // The next one is ready before one is taken away.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: podsOf(name) },
      template: {
        metadata: { labels: labelsOf(workload) },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          // Variables that name every service of the namespace could mean something to a process.
          enableServiceLinks: false,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: USER, runAsGroup: USER },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
            (topologyKey) => ({
              ...{ topologyKey, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' },
              labelSelector: { matchLabels: podsOf(name) },
              matchLabelKeys: ['pod-template-hash'],
            }),
          ),
          containers: [containerOf(workload)],
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
        },
      },
    },
  });

  function containerOf({ port, protocol }: Workload) {
    const probe = (path: string) => ({ httpGet: { path, port: 'admin' } });
    return {
      name,
      image: `facet/${name}`,
      ports: [
        { name: protocol, containerPort: port },
        { name: 'admin', containerPort: port + 1 },
      ],
      env: environmentOf(workload),
      envFrom: settingsOf(workload),
      // Migrations run at the start: time for them, and no restart in the middle of one.
      startupProbe: { ...probe('/health/live'), periodSeconds: 2, failureThreshold: 90 },
      livenessProbe: { ...probe('/health/live'), periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
      readinessProbe: { ...probe('/health/ready'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
      lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
      resources: RESOURCES[kind],
      securityContext: {
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    };
  }
}

/** What differs between clusters: of all apps, of one gateway, and what is secret. */
const settingsOf = ({ name, kind }: Workload) => [
  { configMapRef: { name: 'facet' } },
  ...(kind === 'gateway' ? [{ configMapRef: { name } }] : []),
  { secretRef: { name } },
];

/** What is the same in every cluster. */
function environmentOf({ port, upstreams }: Workload) {
  const own = { PORT: port, ADMIN_PORT: port + 1, ADMIN_HOST: '0.0.0.0' };
  // A headless service: its name has the address of each instance that is ready.
  const places = upstreams.map(({ name, port: at, variable }) => [variable, `dns://${name}:${at}`] as const);
  return [...Object.entries(own), ...places].map(([name, value]) => ({ name, value: String(value) }));
}
