import { HorizontalPodAutoscaler, type IMetricSpec } from 'kubernetes-models/autoscaling/v2';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service, ServiceAccount } from 'kubernetes-models/v1';
import { deployment } from './deployment.js';
import { labelsOf, podsOf } from './labels.js';
import { networkPolicy } from './network.js';
import type { Workload } from './workload.js';

/** An object of a cluster. */
export interface Manifest {
  readonly kind: string;
  toJSON(): unknown;
  /** @throws Error where it does not fit the schema of its kind */
  validate(): void;
}

/** Enough for one to be taken away, and for a zone to fail. */
const REPLICAS = { minReplicas: 2, maxReplicas: 10 };

/** Where a pod is as busy as it should be. */
const TARGETS = { cpu: 70, requests: { gateway: '30', service: '20' } };

/** All that an app is in a cluster. */
export function objectsOf(workload: Workload, all: readonly Workload[]): readonly Manifest[] {
  const metadata = { name: workload.name, labels: labelsOf(workload) };
  return [
    new ServiceAccount({ metadata, automountServiceAccountToken: false }),
    deployment(workload),
    service(workload),
    new PodDisruptionBudget({
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: podsOf(workload.name) },
        // A pod that never gets ready does not keep its node from being drained.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    }),
    autoscaler(workload),
    networkPolicy(workload, all),
  ];
}

/** A service has no address of its own: gateways find its instances by DNS and choose among them themselves. */
function service(workload: Workload): Service {
  const { name, kind, port, protocol } = workload;
  const ports =
    kind === 'gateway'
      ? [{ name: protocol, port: 80, targetPort: protocol, appProtocol: 'http' }]
      : [
          {
            name: protocol,
            port,
            targetPort: protocol,
            ...(protocol === 'http' ? { appProtocol: 'http' } : {}),
          },
        ];
  return new Service({
    metadata: { name, labels: labelsOf(workload) },
    spec: { ...(kind === 'service' ? { clusterIP: 'None' } : {}), selector: podsOf(name), ports },
  });
}

function autoscaler(workload: Workload): HorizontalPodAutoscaler {
  const { name } = workload;
  return new HorizontalPodAutoscaler({
    metadata: { name, labels: labelsOf(workload) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      ...REPLICAS,
      metrics: [...requestsInFlight(workload), cpu()],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
        },
        // Each one that goes closes connections: slowly, and not after a short pause of the load.
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
      },
    },
  });
}

/** Requests wait for services, not for the CPU: their number says first that a pod is busy. HTTP services have a metric of their own. */
function requestsInFlight({ kind, protocol }: Workload): IMetricSpec[] {
  const metrics = {
    gateway: { name: 'http_server_active_requests' },
    service: { name: 'facet_service_requests', selector: { matchLabels: { state: 'running' } } },
  };
  if (kind === 'service' && protocol === 'http') return [];
  const target = { type: 'AverageValue', averageValue: TARGETS.requests[kind] };
  return [{ type: 'Pods', pods: { metric: metrics[kind], target } }];
}

const cpu = (): IMetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: TARGETS.cpu } },
});
