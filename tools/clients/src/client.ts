import type { Document } from './document.js';
import { pascal, pieceOf } from './models.js';
import { operationsIn, type ClientOperation } from './operations.js';

/** The name of a gateway's client in code: `WebBff`. */
export const clientName = (gateway: string): string => gateway.split('-').map(pascal).join('');

/** `client.ts`: the operations as a call needs them, and as the compiler does. */
export function clientOf(gateway: string, document: Document): string {
  const operations = operationsIn(document);
  const groups = groupsIn(operations);
  const isStreaming = operations.some(({ piece }) => piece !== undefined);
  const name = clientName(gateway);
  const types = operations.flatMap((each) => [
    ...[`${pascal(each.id)}Data`, `${pascal(each.id)}Responses`],
    ...(each.piece === undefined ? [] : [pieceOf(each)]),
  ]);
  return `import { bindOperations, type ClientOptions, type Endpoint${isStreaming ? ', type StreamedEndpoint' : ''} } from '@facet/client-runtime';
import type { ${types.join(', ')} } from './models.js';

${groups.map(groupText).join('\n')}
/** What ${gateway} offers, one function for each operation. */
export interface ${name} {
${operations.map((each) => memberOf(each, groups)).join('\n')}
}

/** Makes a client of ${gateway}. */
export function createClient(options?: ClientOptions): ${name} {
  return bindOperations<${name}>(operations, options);
}

${groups.map(({ name, codes }) => `const ${valueOf(name)} = [${listOf(codes)}] as const;\n`).join('')}
const operations = {
${operations.map((each) => descriptorOf(each, groups)).join('\n')}
} as const;
`;
}

export const indexOf = (
  gateway: string,
): string => `export { createClient, type ${clientName(gateway)} } from './client.js';
export type * from './models.js';
export {
  apiKey, bearer, clientCredentials, createDpopKey, dpop, dpopProof, dpopThumbprint, session, signed, signInUrl,
} from '@facet/client-runtime';
`;

/** Problems that several operations have together. */
interface Group {
  readonly name: string;
  readonly comment: string;
  readonly codes: ReadonlyMap<string, number>;
}

/** What every operation may end in, and what all may that call services. */
function groupsIn(operations: readonly ClientOperation[]): readonly Group[] {
  const common = sharedBy(operations, new Set());
  const calling = operations.filter(({ problems }) => problems.has('upstream.unavailable'));
  const upstream = sharedBy(calling, new Set(common.keys()));
  const comment = 'may end in: each code with its status.';
  const groups = [
    { name: 'CommonProblems', comment: `What every operation ${comment}`, codes: common },
    { name: 'ServiceProblems', comment: `What an operation that calls services ${comment}`, codes: upstream },
  ];
  return groups.filter(({ codes }) => codes.size > 0);
}

function sharedBy(
  [first, ...rest]: readonly ClientOperation[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const isShared = ([code, status]: readonly [string, number]) =>
    !known.has(code) && rest.every(({ problems }) => problems.get(code) === status);
  return new Map([...(first?.problems ?? [])].filter(isShared));
}

const groupText = ({ name, comment, codes }: Group): string => `/** ${comment} */
interface ${name} {
  ${[...codes].map(problemLine).join('\n  ')}
}
`;

const problemLine = ([code, status]: readonly [string, number]): string => `'${code}': ${status};`;

function memberOf(operation: ClientOperation, groups: readonly Group[]): string {
  const { id, method, path, summary, isDeprecated, piece, problems } = operation;
  const { its, own } = divided(problems, groups);
  const ownText = own.length === 0 ? [] : [`{ ${own.map(problemLine).join(' ')} }`];
  const errors = [...its.map(({ name }) => name), ...ownText].join(' & ') || 'unknown';
  const type = pascal(id);
  const given = [
    `${type}Data`,
    `${type}Responses`,
    errors,
    ...(piece === undefined ? [] : [pieceOf(operation)]),
  ];
  const said = [
    ...(summary === undefined ? [] : [`${summary.replaceAll('*/', '')}.`]),
    `\`${method} ${path}\``,
  ];
  const comment = isDeprecated
    ? `/**\n * ${said.join(' ')}\n *\n * @deprecated\n */`
    : `/** ${said.join(' ')} */`;
  return `${comment}\n${id}: ${piece === undefined ? 'Endpoint' : 'StreamedEndpoint'}<${given.join(', ')}>;`;
}

/** The groups whose problems an operation has, and what it has beside. */
function divided(problems: ReadonlyMap<string, number>, groups: readonly Group[]) {
  const its = groups.filter(({ codes }) =>
    [...codes].every(([code, status]) => problems.get(code) === status),
  );
  return { its, own: [...problems].filter(([code]) => !its.some(({ codes }) => codes.has(code))) };
}

const valueOf = (name: string): string => `${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`;
const listOf = (codes: Iterable<readonly [string, number]>): string =>
  [...codes].map(([code]) => `'${code}'`).join(', ');

function descriptorOf(
  { id, method, path, query, isOnce, problems }: ClientOperation,
  groups: readonly Group[],
): string {
  const { its, own } = divided(problems, groups);
  const codes = [...its.map(({ name }) => `...${valueOf(name)}`), ...(own.length === 0 ? [] : [listOf(own)])];
  const fields = [
    ...[`method: '${method}'`, `path: '${path}'`],
    ...(query.length === 0 ? [] : [`query: [${query.map((name) => `'${name}'`).join(', ')}]`]),
    ...(isOnce ? ['once: true'] : []),
    `codes: [${codes.join(', ')}]`,
  ];
  return `${id}: { ${fields.join(', ')} },`;
}
