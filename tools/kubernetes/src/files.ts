import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { Service } from 'kubernetes-models/v1';
import { stringify } from 'yaml';
import { PART_OF } from './labels.js';
import { closed } from './network.js';
import { exampleOverlay } from './overlay.js';
import { gatewayApi, ingress } from './routes.js';
import { objectsOf, type Manifest } from './workload-objects.js';
import type { Workload } from './workload.js';

/** Where the generated files are, with what is written by hand. */
export const folder = join(workspaceRoot, 'deploy/kubernetes');

const HEADER = '# Made by `npm run manifests` from tools/kubernetes; an edit here is lost.\n';

/** The folders of which every file is generated. */
export const GENERATED = ['base', 'components', 'overlays/example'];

/** What `npm run manifests` writes, by path within `folder`. */
export function generatedFiles(all: readonly Workload[]): Readonly<Record<string, string>> {
  const gateways = all.filter(({ kind }) => kind === 'gateway');
  const base = {
    ...Object.fromEntries(all.map((each) => [`${each.name}.yaml`, objectsOf(each, all)])),
    'network.yaml': closed(),
    'metrics.yaml': [metrics('gateway'), metrics('service')],
  };
  return {
    ...kustomization('base', 'Kustomization', base),
    ...kustomization('components/gateway-api', 'Component', { 'routes.yaml': gatewayApi(gateways) }),
    ...kustomization('components/ingress', 'Component', { 'ingress.yaml': ingress(gateways) }),
    ...Object.fromEntries(
      Object.entries(exampleOverlay(all)).map(([file, text]) => [`overlays/example/${file}`, HEADER + text]),
    ),
  };
}

/** The instances of a kind, for Prometheus: `_admin._tcp.facet-gateways` of `deploy/observability/prometheus.dns.yml`. */
function metrics(kind: Workload['kind']): Manifest {
  return new Service({
    metadata: { name: `facet-${kind}s`, labels: PART_OF },
    spec: {
      clusterIP: 'None',
      // One that is not ready is scraped too: its metrics say why.
      publishNotReadyAddresses: true,
      selector: { ...PART_OF, 'app.kubernetes.io/component': kind },
      ports: [{ name: 'admin', port: 9_090, targetPort: 'admin' }],
    },
  });
}

type Kind = 'Kustomization' | 'Component';

function kustomization(at: string, kind: Kind, files: Readonly<Record<string, readonly Manifest[]>>) {
  const version = kind === 'Component' ? 'v1alpha1' : 'v1beta1';
  const list = { apiVersion: `kustomize.config.k8s.io/${version}`, kind, resources: Object.keys(files) };
  const texts = Object.entries(files).map(
    ([file, manifests]) => [`${at}/${file}`, textOf(manifests)] as const,
  );
  return { [`${at}/kustomization.yaml`]: HEADER + stringify(list), ...Object.fromEntries(texts) };
}

/** Whole numbers of lines in a diff: nothing is folded, and no object refers to another. */
const textOf = (manifests: readonly Manifest[]): string =>
  HEADER +
  manifests
    .map((each) => stringify(each.toJSON(), { lineWidth: 0, aliasDuplicateObjects: false }))
    .map((text) => `---\n${text}`)
    .join('');
