import { Refusal } from '../../refusal.js';
import type { Described, DescribedOperation } from '../model.js';
import type { Notes } from '../notes.js';
import { isObject, listAt, objectAt, ownOf, textAt, type Json } from '../schema/json.js';
import { camelOf, constant, FreeNames } from '../schema/names.js';
import { sentenceOf } from '../schema/text.js';
import { bodyOf, outputOf } from './content.js';
import { parametersOf } from './parameters.js';
import { followed, resolverOf, type Reading } from './reading.js';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;
const OTHERS = ['options', 'trace'] as const;

/**
 * What an OpenAPI description says of a service.
 *
 * @throws Refusal where it has no operation that can be called
 */
export function describedBy(document: Json, source: string, notes: Notes): Described {
  const resolve = resolverOf(document);
  const names = new FreeNames();
  const base = baseOf(document, notes);
  const operations = Object.entries(objectAt(document, 'paths') ?? {}).flatMap(([path, item]) => {
    const found = isObject(item) ? followed(item, resolve) : {};
    for (const method of OTHERS)
      if (Object.hasOwn(found, method))
        notes.add('is left out, for its method', `${method.toUpperCase()} ${path}`);
    return METHODS.flatMap((method) => {
      const operation = objectAt(found, method);
      if (operation === undefined) return [];
      const reading = { resolve, notes, where: `${method.toUpperCase()} ${path}` };
      const described = operationOf(
        { operation, item: found, method, path, base: base.path, names },
        reading,
      );
      return described === undefined ? [] : [described];
    });
  });
  if (operations.length === 0) throw new Refusal(`${source}: it has no operation that can be called`);
  const title = sentenceOf(textAt(objectAt(document, 'info') ?? {}, 'title'));
  return {
    ...{ source, kind: 'http', operations, resolve },
    ...(title === undefined ? {} : { title }),
    ...(base.origin === undefined ? {} : { address: base.origin }),
  };
}

interface Found {
  readonly operation: Json;
  readonly item: Json;
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly base: string;
  readonly names: FreeNames;
}

function operationOf(
  { operation, item, method, path, base, names }: Found,
  reading: Reading,
): DescribedOperation | undefined {
  const given = { operation, item, path };
  const parameters = parametersOf(given, reading);
  const body = bodyOf(operation, reading, ['get', 'head'].includes(method));
  const answer = outputOf(operation, reading);
  if (parameters === undefined || body === 'none that is known' || answer === 'none that is known')
    return undefined;
  const { fields, http } = parameters;
  const camel = camelOf(textAt(operation, 'operationId') ?? `${method} ${path}`, 'operation');
  const name = names.free(constant(camel, 'Operation'), 'Operation');
  const summary = sentenceOf(textAt(operation, 'summary')) ?? sentenceOf(textAt(operation, 'description'));
  if (ownOf(operation, 'deprecated') === true) reading.notes.add('is deprecated', name);
  return {
    ...{ name, fields, ...answer, where: reading.where },
    kind: ['get', 'head'].includes(method) ? 'query' : 'command',
    summary: summary ?? reading.where,
    http: { ...http, method: method.toUpperCase(), path: base + http.path },
    ...(body === undefined ? {} : { body }),
  };
}

/** Where the service is, and what all of its paths begin with. */
function baseOf(document: Json, notes: Notes): { readonly origin?: string; readonly path: string } {
  const [server, ...others] = listAt(document, 'servers').filter(isObject);
  const url = server && textAt(server, 'url');
  if (server === undefined || url === undefined) return { path: '' };
  const variables = objectAt(server, 'variables') ?? {};
  const filled = url.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = objectAt(variables, name) ?? {};
    return textAt(variable, 'default') ?? '';
  });
  if (others.length > 0) notes.add('of several servers the first one is taken', filled);
  const parsed = URL.parse(filled, 'relative://here');
  const path = (parsed?.pathname ?? '').replace(/\/+$/, '');
  const isPlain = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)*$/.test(path);
  if (!isPlain) notes.add('the path of the server is not taken over', filled);
  return {
    path: isPlain ? path : '',
    ...(parsed !== null && /^https?:$/.test(parsed.protocol)
      ? { origin: `${parsed.protocol}//${parsed.host}` }
      : {}),
  };
}
