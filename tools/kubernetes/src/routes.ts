import { Gateway, HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1';
import { labelsOf, PART_OF } from './labels.js';
import type { Manifest } from './workload-objects.js';
import type { Workload } from './workload.js';

/** Where clients find a gateway, until an overlay says otherwise: `web-bff` at `web.example.com`. */
export const hostOf = (name: string): string => `${name.replace(/-bff$/, '')}.example.com`;

/** Of the certificate that the edge shows: a Secret of type `kubernetes.io/tls`. */
const CERTIFICATE = 'facet-tls';

/**
 * The external gateway of the Gateway API: TLS and HTTP/2 to clients, a route to each gateway. It neither retries nor ends requests
 * by a time of its own: the gateways do.
 */
export function gatewayApi(gateways: readonly Workload[]): readonly Manifest[] {
  const edge = new Gateway({
    metadata: { name: 'facet', labels: PART_OF },
    spec: {
      gatewayClassName: 'example',
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 80 },
        {
          ...{ name: 'https', protocol: 'HTTPS', port: 443 },
          tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: CERTIFICATE }] },
        },
      ],
    },
  });
  const secure = new HTTPRoute({
    metadata: { name: 'facet-to-https', labels: PART_OF },
    spec: {
      parentRefs: [{ name: 'facet', sectionName: 'http' }],
      rules: [
        { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
      ],
    },
  });
  return [edge, secure, ...gateways.map(route)];
}

function route(workload: Workload): Manifest {
  const { name } = workload;
  return new HTTPRoute({
    metadata: { name, labels: labelsOf(workload) },
    spec: {
      parentRefs: [{ name: 'facet', sectionName: 'https' }],
      hostnames: [hostOf(name)],
      rules: [{ backendRefs: [{ name, port: 80 }] }],
    },
  });
}

/** The same for a cluster that has an Ingress controller. */
export function ingress(gateways: readonly Workload[]): readonly Manifest[] {
  return [
    new Ingress({
      metadata: { name: 'facet', labels: PART_OF },
      spec: {
        ingressClassName: 'example',
        tls: [{ hosts: gateways.map(({ name }) => hostOf(name)), secretName: CERTIFICATE }],
        rules: gateways.map(({ name }) => ({
          host: hostOf(name),
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } },
            ],
          },
        })),
      },
    }),
  ];
}
