import { hostOf } from './routes.js';
import type { Workload } from './workload.js';

/** The public half of a key whose private half nobody has. */
const NOBODYS_KEY =
  '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"HUSOqyVabPgdbiGhnZkQutP541baD1YIWLiVHRHpe3g","x":"D2AIBOMgwSWo6J49v9x3DpXa1eR9tYA7MBCiGrkefMg"}]}';

/** The name of the example's namespace. */
const NAMESPACE = 'shop';

/** What a team copies for each of its clusters, and fills in. By file. */
export function exampleOverlay(all: readonly Workload[]): Readonly<Record<string, string>> {
  return { 'kustomization.yaml': kustomization(all), 'namespace.yaml': namespace };
}

const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

const kustomization = (
  all: readonly Workload[],
): string => `# Copy this folder, and put your own names in the place of these.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${NAMESPACE}
resources:
  - namespace.yaml
  - ../../base
components:
  # Or ../../components/ingress.
  - ../../components/gateway-api

configMapGenerator:
  - name: facet
    literals:
      - ISSUER_URL=https://issuer.example.com/realms/shop
      # The networks of the external gateway's pods.
      - TRUSTED_PROXIES=10.0.0.0/8
      - OTEL_EXPORTER_OTLP_ENDPOINT=http://collector.observability:4318
      - OTEL_TRACES_SAMPLER_ARG=0.05
      # The public half of the gateways' ASSERTION_KEY. Nobody has the private half of this one.
      - ASSERTION_PUBLIC_KEYS=${NOBODYS_KEY}
${gatewaysOf(all).map(originOf).join('\n')}

# A release names each image by its digest: kustomize edit set image facet/web-bff=…@sha256:…
images:
${all.map(imageOf).join('\n')}

patches:
  - target: { kind: Gateway, name: facet }
    patch: |-
      - { op: replace, path: /spec/gatewayClassName, value: envoy }
${gatewaysOf(all).map(hostPatch).join('\n')}
`;

const gatewaysOf = (all: readonly Workload[]): readonly Workload[] =>
  all.filter(({ kind }) => kind === 'gateway');

/** Beside the name that a gateway for browsers reads, the one that the others read. */
const originOf = ({ name }: Workload): string => `  - name: ${name}
    literals:
      - PUBLIC_ORIGIN=https://${exampleHost(name)}
      - PUBLIC_ORIGINS=https://${exampleHost(name)}`;

const imageOf = ({ name }: Workload): string =>
  `  - { name: facet/${name}, newName: registry.example.com/shop/${name}, newTag: '0.1.0' }`;

const hostPatch = ({ name }: Workload): string => `  - target: { kind: HTTPRoute, name: ${name} }
    patch: |-
      - { op: replace, path: /spec/hostnames/0, value: ${exampleHost(name)} }`;

const exampleHost = (name: string): string => hostOf(name).replace('example.com', 'shop.example.org');
