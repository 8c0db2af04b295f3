import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as gatewayApi from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { folder } from '../../src/files.js';

/** An object as it is read from YAML. */
export interface Read {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** `kubectl kustomize` came to know components with 1.21. */
export const hasKubectl = (() => {
  const { stdout, status } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], {
    encoding: 'utf8',
  });
  if (status !== 0) return false;
  const { clientVersion } = JSON.parse(stdout) as { clientVersion: { major: string; minor: string } };
  return Number(clientVersion.major) > 1 || Number.parseInt(clientVersion.minor) >= 21;
})();

/** What `kubectl kustomize` makes of a folder below `deploy/kubernetes`. @throws Error with its words */
export function render(path: string): readonly Read[] {
  const { stdout, stderr, status } = spawnSync('kubectl', ['kustomize', join(folder, path)], {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  if (status !== 0) throw new Error(stderr);
  return readAll(stdout);
}

/** The same of the base with one component. */
export function renderWith(component: string): readonly Read[] {
  const temporary = mkdtempSync(join(tmpdir(), 'facet-kubernetes-'));
  try {
    symlinkSync(folder, join(temporary, 'kubernetes'));
    const lines = ['resources: [kubernetes/base]', `components: [kubernetes/components/${component}]`];
    writeFileSync(join(temporary, 'kustomization.yaml'), `${lines.join('\n')}\n`);
    const { stdout, stderr, status } = spawnSync(
      'kubectl',
      ['kustomize', '--load-restrictor=LoadRestrictionsNone', temporary],
      {
        encoding: 'utf8',
        maxBuffer: 64_000_000,
      },
    );
    if (status !== 0) throw new Error(stderr);
    return readAll(stdout);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

export const readAll = (text: string): readonly Read[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Read);

type ModelClass = new (data: never) => { validate(): void };

const KNOWN: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  'apps/v1': apps,
  'autoscaling/v2': autoscaling,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
  'gateway.networking.k8s.io/v1': gatewayApi,
};

/** What the schema of an object's kind has against it: Kubernetes' own, and the Gateway API's. */
export function faultsOf(object: Read): string {
  const Known = KNOWN[object.apiVersion]?.[object.kind] as ModelClass | undefined;
  if (Known === undefined) return `there is no ${object.kind} of ${object.apiVersion}`;
  try {
    new Known(object as never).validate();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** All objects of a kind. */
export const ofKind = <T>(objects: readonly Read[], kind: string): readonly T[] =>
  objects.filter((each) => each.kind === kind) as readonly unknown[] as readonly T[];
