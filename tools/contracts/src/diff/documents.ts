import type { Json } from '../documents/contract-document.js';
import type { Change, DiffOptions, Emit, Marked } from './change.js';
import { directionOf, levelOf, type RuleId } from './rules.js';
import { markOf, SchemaDiff, type Sides } from './schemas.js';
import { Shapes } from './shape.js';

/** An operation of a document, and what it is called: `GET /v1/home`, or a service's pattern. */
export interface Described {
  readonly name: string;
  readonly operation: Json;
}

export interface DocumentDiff {
  /** `info.version` of both. */
  readonly versions: readonly [base: string, next: string];
  readonly changes: readonly Change[];
}

/** What is otherwise in `next`, operation by operation. */
export function diffDocuments(base: Json, next: Json, options: DiffOptions): DocumentDiff {
  const versions = [versionOf(base), versionOf(next)] as const;
  const bumped = isBumped(...versions) ? `version ${versions[0]} → ${versions[1]}` : undefined;
  const sides = { base: new Shapes(base), next: new Shapes(next) };
  const changes: Change[] = [];
  const emitFor =
    (operation: string, whole?: Marked): Emit =>
    ({ rule, field = '', says, level, marked }) => {
      const at = level ?? levelOf(rule, options.reader);
      const covered = at === 'error' ? (bumped ?? coverOf(rule, marked ?? whole, options.today)) : undefined;
      const direction = directionOf(rule);
      changes.push({
        rule,
        level: at,
        direction,
        operation,
        field,
        says,
        ...(covered === undefined ? {} : { covered }),
      });
    };
  const [before, now] = [operationsOf(base), operationsOf(next)];
  for (const [key, { name, operation }] of before) {
    const found = now.get(key);
    if (found === undefined) removed(operation, emitFor(name), options.today);
    else new OperationDiff(sides, emitFor(name, markOf(operation))).compare(operation, found.operation);
  }
  for (const [key, { name }] of now)
    if (!before.has(key)) emitFor(name)({ rule: 'endpoint-added', says: 'is new' });
  if (compareVersions(...versions) > 0)
    emitFor('')({ rule: 'api-version-decreased', says: `version ${versions[0]} → ${versions[1]}` });
  return { versions, changes };
}

/** By method and address, the names of its parameters left out. */
export function operationsOf(document: Json): ReadonlyMap<string, Described> {
  const found = new Map<string, Described>();
  for (const [path, methods] of Object.entries((document['paths'] ?? {}) as Record<string, Json>))
    for (const [method, operation] of Object.entries(methods)) {
      if (!METHODS.has(method)) continue;
      const isPattern = !path.slice(1).includes('/') && path.includes('.') && method === 'post';
      const name = isPattern ? path.slice(1) : `${method.toUpperCase()} ${path}`;
      found.set(`${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`, { name, operation: operation as Json });
    }
  return found;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']);

const versionOf = (document: Json): string => {
  const { version = '0' } = (document['info'] ?? {}) as { version?: string };
  return version;
};

const numbersOf = (version: string): readonly number[] =>
  version.split('.').map((each) => parseInt(each, 10) || 0);

function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version says that something may break: the first number that is not 0 went up, or one before it. */
function isBumped(base: string, next: string): boolean {
  const [was, is] = [numbersOf(base), numbersOf(next)];
  const [major = 0, minor = 0] = was;
  if ((is[0] ?? 0) !== major) return (is[0] ?? 0) > major;
  return major === 0 && (is[1] ?? 0) > minor;
}

function isOver(sunset: string | undefined, today: string): boolean {
  return sunset === undefined || sunset <= today;
}

/** A mark covers what happens to the marked thing itself, once its day has come. */
function coverOf(rule: RuleId, marked: Marked | undefined, today: string): string | undefined {
  if (marked === undefined || rule.includes('sunset') || !isOver(marked.sunset, today)) return undefined;
  return marked.sunset === undefined ? 'deprecated' : `deprecated until ${marked.sunset}`;
}

function removed(operation: Json, emit: Emit, today: string): void {
  const marked = markOf(operation);
  if (marked === undefined) return emit({ rule: 'api-removed-without-deprecation', says: 'is gone' });
  if (isOver(marked.sunset, today))
    return emit({ rule: 'api-removed-with-deprecation', says: 'is gone, as was said' });
  emit({ rule: 'api-removed-before-sunset', says: `is gone before ${String(marked.sunset)}` });
}

interface Parameter extends Json {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Json;
}

class OperationDiff {
  readonly #schemas: SchemaDiff;

  constructor(
    sides: Sides,
    private readonly emit: Emit,
  ) {
    this.#schemas = new SchemaDiff(sides, emit);
  }

  compare(base: Json, next: Json): void {
    this.#lifecycle(markOf(base), markOf(next));
    if (base['operationId'] !== next['operationId'])
      this.emit({
        rule: 'api-operation-id-removed',
        says: `is called ${String(next['operationId'])} by clients, was ${String(base['operationId'])}`,
      });
    this.#security(base['security'], next['security']);
    this.#parameters(parametersOf(base), parametersOf(next));
    this.#body(base['requestBody'] as Json | undefined, next['requestBody'] as Json | undefined);
    this.#responses((base['responses'] ?? {}) as Responses, (next['responses'] ?? {}) as Responses);
    this.#promises(base, next);
  }

  #lifecycle(was: Marked | undefined, is: Marked | undefined): void {
    const until = is?.sunset === undefined ? '' : `, and may go from ${is.sunset} on`;
    if (was === undefined && is !== undefined)
      this.emit({ rule: 'endpoint-deprecated', says: `is deprecated${until}` });
    if (was !== undefined && is === undefined)
      this.emit({ rule: 'endpoint-reactivated', says: 'is not deprecated any more' });
    if (was?.sunset === undefined || is === undefined) return;
    if (is.sunset === undefined)
      this.emit({ rule: 'sunset-deleted', says: `does not say ${was.sunset} any more` });
    else if (is.sunset < was.sunset)
      this.emit({
        rule: 'api-sunset-date-changed-too-small',
        says: `may go from ${is.sunset} on, not ${was.sunset}`,
      });
  }

  #security(base: unknown, next: unknown): void {
    const [was, is] = [needsOf(base), needsOf(next)];
    if (was === undefined && is !== undefined)
      return this.emit({ rule: 'api-security-added', says: 'needs a credential' });
    if (was !== undefined && is === undefined)
      return this.emit({ rule: 'api-security-removed', says: 'needs no credential any more' });
    for (const scope of is ?? [])
      if (!was?.includes(scope))
        this.emit({ rule: 'api-security-scope-added', says: `needs the scope ${scope}` });
    for (const scope of was ?? [])
      if (!is?.includes(scope))
        this.emit({ rule: 'api-security-scope-removed', says: `does not need the scope ${scope} any more` });
  }

  #parameters(base: ReadonlyMap<string, Parameter>, next: ReadonlyMap<string, Parameter>): void {
    for (const [key, was] of base) {
      const is = next.get(key);
      const field = was.name;
      const marked = markOf(was) ?? markOf(was.schema ?? {});
      if (is === undefined) {
        this.emit({
          rule: 'request-parameter-removed',
          field,
          says: `is no ${was.in} parameter any more`,
          marked,
        });
        continue;
      }
      if (was.required !== true && is.required === true)
        this.emit({ rule: 'request-parameter-became-required', field, says: 'has to be sent', marked });
      if (was.required === true && is.required !== true)
        this.emit({ rule: 'request-parameter-became-optional', field, says: 'may be left out' });
      this.#schemas.compare(withMark(was), withMark(is), 'request-parameter', field, marked);
    }
    for (const [key, is] of next) {
      if (base.has(key)) continue;
      const isRequired = is.required === true;
      const rule: RuleId =
        is.in === 'path'
          ? 'new-request-path-parameter'
          : isRequired
            ? 'new-required-request-parameter'
            : 'new-optional-request-parameter';
      this.emit({
        rule,
        field: is.name,
        says: `is a new ${is.in} parameter${isRequired ? ', and has to be sent' : ''}`,
      });
    }
  }

  #body(was: Json | undefined, is: Json | undefined): void {
    if (was === undefined && is === undefined) return;
    if (was === undefined)
      return this.emit({
        rule: is?.['required'] === true ? 'request-body-added-required' : 'request-body-added-optional',
        says: is?.['required'] === true ? 'needs a body' : 'takes a body',
      });
    if (is === undefined) return this.emit({ rule: 'request-body-removed', says: 'takes no body any more' });
    if (was['required'] !== true && is['required'] === true)
      this.emit({ rule: 'request-body-became-required', says: 'needs a body' });
    if (was['required'] === true && is['required'] !== true)
      this.emit({ rule: 'request-body-became-optional', says: 'needs no body any more' });
    this.#contents(contentOf(was), contentOf(is), 'request-body');
  }

  #contents(was: Content, is: Content, place: 'request-body' | 'response-body'): void {
    const name =
      place === 'request-body' ? ('request-body-media-type' as const) : ('response-media-type' as const);
    for (const [type, { schema }] of Object.entries(was)) {
      const found = is[type];
      if (found === undefined) this.emit({ rule: `${name}-removed`, says: `not as ${type} any more` });
      else if (schema !== undefined && found.schema !== undefined)
        this.#schemas.compare(schema, found.schema, place);
    }
    for (const type of Object.keys(is))
      if (!(type in was)) this.emit({ rule: `${name}-added`, says: `as ${type} too` });
  }

  #responses(base: Responses, next: Responses): void {
    for (const status of new Set([...Object.keys(base), ...Object.keys(next)])) {
      const [was, is] = [base[status], next[status]];
      const kind = Number(status) < 400 ? 'success' : 'non-success';
      if (is === undefined)
        this.emit({ rule: `response-${kind}-status-removed`, says: `never answers ${status} any more` });
      if (was === undefined)
        this.emit({ rule: `response-${kind}-status-added`, says: `may answer ${status}` });
      if (kind === 'non-success') this.#codes(status, codesOf(was), codesOf(is));
      else if (was !== undefined && is !== undefined) {
        this.#contents(contentOf(was), contentOf(is), 'response-body');
        this.#headers(headersOf(was), headersOf(is));
      }
    }
  }

  #codes(status: string, was: readonly string[], is: readonly string[]): void {
    for (const code of is)
      if (!was.includes(code))
        this.emit({ rule: 'facet-problem-code-added', says: `may refuse with ${status} ${code}` });
    for (const code of was)
      if (!is.includes(code))
        this.emit({ rule: 'facet-problem-code-removed', says: `never refuses with ${status} ${code}` });
  }

  #headers(was: Headers, is: Headers): void {
    for (const [name, header] of Object.entries(was))
      if (!(name in is))
        this.emit({
          rule:
            header.required === true
              ? 'required-response-header-removed'
              : 'optional-response-header-removed',
          says: `has no header ${name} any more`,
        });
    for (const name of Object.keys(is))
      if (!(name in was)) this.emit({ rule: 'response-header-added', says: `has a header ${name}` });
  }

  /** What a service's contract says beside its schemas. */
  #promises(base: Json, next: Json): void {
    const pair = (key: string) => [JSON.stringify(base[key]), JSON.stringify(next[key])] as const;
    const differs = (key: string) => pair(key)[0] !== pair(key)[1];
    const [kind, kindNow] = pair('x-facet-kind');
    if (kind !== undefined && kind !== kindNow)
      this.emit({
        rule: 'facet-kind-changed',
        says: `is a ${String(next['x-facet-kind'])}, was a ${String(base['x-facet-kind'])}`,
      });
    this.#access((base['x-facet-access'] ?? {}) as Json, (next['x-facet-access'] ?? {}) as Json);
    for (const key of ['x-facet-http', 'x-facet-message'])
      if (differs(key))
        this.emit({
          rule: 'facet-transport-changed',
          says: `is reached by ${pair(key)[1] ?? 'its name'}, was ${pair(key)[0] ?? 'its name'}`,
        });
    if (differs('x-facet-by-ids'))
      this.emit({
        rule: 'facet-by-ids-changed',
        says: `by ids: ${pair('x-facet-by-ids')[1] ?? 'not any more'}, was ${pair('x-facet-by-ids')[0] ?? 'not'}`,
      });
    if (differs('x-facet-freshness'))
      this.emit({
        rule: 'facet-freshness-changed',
        says: `fresh: ${pair('x-facet-freshness')[1] ?? 'never'}, was ${pair('x-facet-freshness')[0] ?? 'never'}`,
      });
  }

  #access(was: Json, is: Json): void {
    for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (JSON.stringify(was[key]) === JSON.stringify(is[key])) continue;
      const [before, now] = [listed(was[key]), listed(is[key])];
      const more = now.filter((each) => !before.includes(each));
      const less = before.filter((each) => !now.includes(each));
      // Another owner is another demand, and no owner less.
      if (more.length > 0)
        this.emit({ rule: 'facet-access-tightened', says: `demands ${key} ${more.join(', ')}` });
      if (less.length > 0)
        this.emit({
          rule: 'facet-access-loosened',
          says: `does not demand ${key} ${less.join(', ')} any more`,
        });
    }
  }
}

type Content = Readonly<Record<string, { readonly schema?: Json }>>;
type Headers = Readonly<Record<string, { readonly required?: boolean }>>;
type Responses = Readonly<Record<string, Json>>;

const contentOf = (from: Json): Content => (from['content'] ?? {}) as Content;
const headersOf = (from: Json): Headers => (from['headers'] ?? {}) as Headers;
const withMark = ({ schema = {}, ...parameter }: Parameter): Json => ({
  ...schema,
  ...(parameter['deprecated'] === true ? { deprecated: true } : {}),
  ...(parameter['x-sunset'] === undefined ? {} : { 'x-sunset': parameter['x-sunset'] }),
});

const listed = (value: unknown): readonly string[] =>
  value === undefined
    ? []
    : [value].flat().map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));

/** Parameters of the path by their place in it: their names are nobody's business. */
function parametersOf(operation: Json): ReadonlyMap<string, Parameter> {
  let inPath = 0;
  return new Map(
    ((operation['parameters'] ?? []) as Parameter[]).map((each) => {
      const name =
        each.in === 'path' ? String(inPath++) : each.in === 'header' ? each.name.toLowerCase() : each.name;
      return [`${each.in} ${name}`, each];
    }),
  );
}

/** The scopes that are needed; undefined where no credential is. */
function needsOf(security: unknown): readonly string[] | undefined {
  const all = (security ?? []) as Record<string, readonly string[]>[];
  return all.length === 0 ? undefined : [...new Set(all.flatMap((each) => Object.values(each).flat()))];
}

/** The codes that a refusal may have. */
function codesOf(response: Json | undefined): readonly string[] {
  if (response === undefined) return [];
  const own = response['x-facet-codes'];
  if (Array.isArray(own)) return own as string[];
  const schema = contentOf(response)['application/problem+json']?.schema;
  const all = [schema, ...((schema?.['allOf'] ?? []) as Json[])];
  return all.flatMap(
    (each) => ((each?.['properties'] as Json | undefined)?.['code'] as Json | undefined)?.['enum'] ?? [],
  ) as string[];
}
