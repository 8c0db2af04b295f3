import { readJson, type Tree } from '@nx/devkit';
import { addToJsonList, removeFromJsonList } from './json.js';

/** The admin ports that Prometheus reads in development, by the kind of app; a workspace may have no such files. */
export const TARGETS = {
  gateway: 'deploy/observability/targets/gateways.json',
  service: 'deploy/observability/targets/services.json',
} as const;

interface Target {
  readonly targets: readonly string[];
  readonly labels: { readonly process: string };
}

export function addTarget(
  tree: Tree,
  kind: keyof typeof TARGETS,
  { name, port }: { readonly name: string; readonly port: number },
): void {
  if (!tree.exists(TARGETS[kind])) return;
  const target: Target = { targets: [`127.0.0.1:${port + 1}`], labels: { process: name } };
  addToJsonList(tree, TARGETS[kind], [], target);
}

export function removeTarget(tree: Tree, kind: keyof typeof TARGETS, name: string): void {
  if (!tree.exists(TARGETS[kind])) return;
  const target = readJson<readonly Target[]>(tree, TARGETS[kind]).find(
    ({ labels }) => labels.process === name,
  );
  if (target !== undefined) removeFromJsonList(tree, TARGETS[kind], [], target);
}
