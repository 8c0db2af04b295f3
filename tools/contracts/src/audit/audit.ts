import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Json } from '../documents/contract-document.js';
import { contractFolders } from '../documents/contracts.js';
import { gatewayDocuments } from '../documents/gateways.js';
import { parse } from '../diff/base.js';
import { operationsOf } from '../diff/documents.js';
import { Shapes } from '../diff/shape.js';
import type { Endpoint, Found, Gateway, Severity, SourceFile } from './finding.js';
import { rules, type AuditRuleId } from './rules.js';

/** What one rule has found in one gateway. */
export interface Finding extends Found {
  readonly rule: AuditRuleId | 'unused-allowance' | 'unknown-rule';
  readonly severity: Severity;
  readonly gateway: string;
}

/** Reads every gateway of a workspace: its document, its source, and the contracts of what it calls. */
export function gatewaysIn(root: string): readonly Gateway[] {
  const contracts = new Map(
    contractFolders(root)
      .map((folder) => `${folder}/contract.json`)
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) => [...operationsOf(read(root, path)).values()])
      .map(({ name, operation }) => [name, operation] as const),
  );
  return gatewayDocuments(root).map((path) => {
    const name = path.split('/')[1] as string;
    const document = read(root, path);
    return {
      ...{ name, contracts, endpoints: endpointsOf(document), shapes: new Shapes(document) },
      sources: sourcesIn(root, `apps/${name}/src`),
    };
  });
}

const read = (root: string, path: string): Json => parse(readFileSync(join(root, path), 'utf8'), path);

function endpointsOf(document: Json): readonly Endpoint[] {
  return [...operationsOf(document).values()].map(({ name, operation }) => ({
    ...{ name, operation },
    method: name.split(' ')[0] as string,
  }));
}

function sourcesIn(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }));
}

/** What the rules find. What a route says is meant is found too, with its reason. */
export function audit(gateways: readonly Gateway[]): readonly Finding[] {
  const names = gateways.map(({ name }) => name);
  return gateways.flatMap((gateway) => {
    const found = Object.entries(rules).flatMap(([id, { severity, find }]) =>
      find(gateway, names).map((each): Finding => {
        const allowed = each.allowed ?? reasonsOf(gateway, each.place)[id];
        return {
          ...each,
          rule: id as AuditRuleId,
          severity,
          gateway: gateway.name,
          ...(allowed && { allowed }),
        };
      }),
    );
    return [...found, ...unused(gateway, found)];
  });
}

function reasonsOf({ endpoints }: Gateway, place: string): Readonly<Record<string, string>> {
  return allowancesOf(endpoints.find(({ name }) => name === place));
}

const allowancesOf = (endpoint: Endpoint | undefined): Readonly<Record<string, string>> =>
  (endpoint?.operation['x-facet-audit'] ?? {}) as Record<string, string>;

/** A reason for nothing hides the next finding. */
function unused(gateway: Gateway, found: readonly Finding[]): readonly Finding[] {
  return gateway.endpoints.flatMap((endpoint) =>
    Object.keys(allowancesOf(endpoint))
      .filter((id) => !found.some(({ rule, place }) => rule === id && place === endpoint.name))
      .map((id) => ({
        ...{ gateway: gateway.name, severity: 'warning' as const, place: endpoint.name },
        ...(id in rules
          ? { rule: 'unused-allowance' as const, says: `allows ${id}, which is not found there any more` }
          : { rule: 'unknown-rule' as const, says: `allows ${id}, which is no rule` }),
      })),
  );
}

export const fails = ({ severity, allowed }: Finding): boolean =>
  severity !== 'note' && allowed === undefined;
