import type { Tree } from '@nx/devkit';
import { constantOf, keyed, keyOf, type Names } from '../names.js';
import { contractPackages, kernel, type WorkspacePackage } from '../registration/contract.js';
import type { Part, Plan } from './plan.js';

/** What is written of an aggregation, in TypeScript; formatting is left to the formatter. */
export interface Rendered {
  readonly aggregation: string;
  readonly spec: string;
}

/** `client` is `kiosk`, before the aggregation's name in metrics and documents. */
export function render(plan: Plan, names: Names, client: string): Rendered {
  return {
    aggregation: aggregationOf(plan, names, client),
    spec: specOf(plan, names),
  };
}

/** What a service's contract is called in a file that declares `value`: an aggregation may be called like a service. */
function contractOf(service: string, value: string): string {
  const constant = constantOf(service);
  return constant === value ? 'contract' : constant;
}

function importOf(parts: readonly Part[], value: string): string {
  return modulesOf(parts)
    .map((module) => {
      const names = servicesOf(parts.filter(({ operation }) => operation.module === module)).map(
        (service) => {
          const [constant, name] = [constantOf(service), contractOf(service, value)];
          return constant === name ? constant : `${constant} as ${name}`;
        },
      );
      return `import { ${names.join(', ')} } from '${module}';`;
    })
    .join('\n');
}

const modulesOf = (parts: readonly Part[]): readonly string[] =>
  [...new Set(parts.map(({ operation }) => operation.module))].sort();

/** The packages that an aggregation imports: the contracts that its parts call, and what they are written with. */
export function contractsIn(tree: Tree, { parts, isOwn }: Plan): readonly WorkspacePackage[] {
  const modules = modulesOf(parts);
  const called = contractPackages(tree).filter(({ module }) => modules.includes(module));
  return isOwn ? [kernel, ...called] : called;
}

function aggregationOf(plan: Plan, { value }: Names, client: string): string {
  const { parts, fields, isOwn } = plan;
  const contract = (service: string) => contractOf(service, value);
  const input =
    fields.length === 0
      ? '{}'
      : `{ ${fields.map(({ name, service, schema }) => `${keyed(name)}: ${contract(service)}.${schema}`).join(', ')} }`;
  const answer = parts.map(({ name, operation, isRequired, byDefault }) => {
    const schema = `${contract(operation.service)}.${operation.name}.output`;
    return `${name}: ${schema}${isRequired || byDefault !== undefined ? '' : '.optional()'}`;
  });
  const names = parts.map(({ name }) => name).join(', ');
  return `import { aggregate } from '@facet/aggregation';
${importOf(parts, value)}
${isOwn ? "import { ownCustomer } from '@facet/contracts';\n" : ''}import { z } from 'zod';

export const ${value} = aggregate('${client}.${value}', { input: z.strictObject(${input}) })
${parts.map((part) => partOf(part, contract(part.operation.service))).join('\n')}
  .budget({ bytes: 100_000, calls: { ${callsOf(parts)} }, depth: ${depthOf(parts)} })
  .shape(({ ${names} }) => ({ ${names} }));

export const ${value}Answer = z.strictObject({ ${answer.join(', ')} });
`;
}

function partOf(part: Part, contract: string): string {
  const { name, operation, isRequired, needs, input, byDefault } = part;
  const options = [
    ...(needs.length === 0 ? [] : [`needs: [${needs.map((each) => `'${each}'`).join(', ')}]`]),
    `input: ${input}`,
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
  ];
  const kind = isRequired ? 'required' : 'optional';
  return `  .${kind}('${name}', ${contract}.${operation.name}, { ${options.join(', ')} })`;
}

/** Its line in `routes.ts`; `name` is what it is called there. */
export function routeOf({
  plan,
  path,
  name,
  names,
}: {
  readonly plan: Plan;
  readonly path: string;
  readonly name: string;
  readonly names: Names;
}): string {
  return `route('GET ${path}', ${name}, { access: ${accessOf(plan)}, answer: ${names.value}Answer })`;
}

/** The access of its route, in TypeScript. */
export function accessOf({ scopes }: Plan): string {
  if (scopes === undefined) return `'public'`;
  return scopes.length === 0 ? '{}' : `{ scopes: [${scopes.map((scope) => `'${scope}'`).join(', ')}] }`;
}

function specOf(plan: Plan, { file, value }: Names): string {
  const { parts, fields, isOwn } = plan;
  const input = Object.fromEntries(fields.map(({ name, sample }) => [name, sample]));
  const answers = parts.map(
    ({ operation: { service, name }, sample }) =>
      `answer(${contractOf(service, value)}.${name}, ${JSON.stringify(sample)})`,
  );
  return `import { answer, checkBudget, failureMatrix } from '@facet/aggregation/testing';
${importOf(parts, value)}
${isOwn ? "import { sampleCaller } from '@facet/testing/samples';\n" : ''}import { expect, test } from '@jest/globals';
import { ${value} } from './${file}.aggregation.js';

const spec = {
  input: ${JSON.stringify(input)},
  ${isOwn ? "caller: sampleCaller('cus_0001'),\n  " : ''}answers: [
    ${answers.join(',\n    ')},
  ],
};

failureMatrix(${value}, spec);

test('it costs no more than its budget allows', async () => {
  const { calls, depth } = await checkBudget(${value}, spec);
  expect({ calls, depth }).toEqual({ calls: { ${callsOf(parts)} }, depth: ${depthOf(parts)} });
});
`;
}

export function servicesOf(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.map(({ operation }) => operation.service))].sort();
}

function callsOf(parts: readonly Part[]): string {
  const counts = new Map<string, number>();
  for (const { operation } of parts) counts.set(operation.service, (counts.get(operation.service) ?? 0) + 1);
  return [...counts].map(([service, count]) => `${keyOf(service)}: ${count}`).join(', ');
}

function depthOf(parts: readonly Part[]): number {
  const depths = new Map<string, number>();
  for (const { name, needs } of parts) {
    depths.set(name, 1 + Math.max(0, ...needs.map((each) => depths.get(each) ?? 0)));
  }
  return Math.max(0, ...depths.values());
}
