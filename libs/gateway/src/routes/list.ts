import type { Reflector, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { Operation } from '@facet/contracts';
import type { Access } from '@facet/access';
import { StartError } from '@facet/platform';
import { ACCESS } from '../access/access.js';
import { ANSWERS, type AnswersMetadata } from '../answers/answers.js';
import { PERFORMS, type PerformsMetadata } from '../sagas/performs.js';
import { needsKey, WRITES } from '../policy/needs-key.js';
import { DEPRECATED, type Deprecation } from './deprecation.js';
import { PASS_THROUGH } from './pass-through.js';
import type { PassThroughRoute } from './routes.js';
import { SHOWS, type ShowsMetadata } from './shows.js';

/** One route of a gateway, whoever answers it. */
export interface ListedRoute {
  readonly method: string;
  /** As it is registered: `/v1/products/:id`. */
  readonly path: string;
  readonly access: Access;
  readonly answers?: AnswersMetadata;
  readonly forwards?: PassThroughRoute;
  readonly performs?: PerformsMetadata;
  readonly shows?: ShowsMetadata;
  readonly deprecated?: Deprecation;
  /** Whether what it does is done once for each `Idempotency-Key`. */
  readonly keyed: boolean;
}

interface Sources {
  readonly discovery: DiscoveryService;
  readonly scanner: MetadataScanner;
  readonly reflector: Reflector;
}

/**
 * All routes of all controllers.
 *
 * @throws StartError naming every route that does not say who may use it, or whether it changes anything
 */
export function listRoutes({ discovery, scanner, reflector }: Sources): readonly ListedRoute[] {
  const unguarded: string[] = [];
  const unclear: string[] = [];
  const routes = discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as Record<string, unknown>;
    const prefixes = [reflector.get<string | string[]>(PATH_METADATA, metatype) ?? ''].flat();
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] as () => unknown;
      const path = reflector.get<string | string[] | undefined>(PATH_METADATA, handler);
      if (path === undefined) return [];
      const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, metatype]);
      const paths = prefixes.flatMap((prefix) => [path].flat().map((each) => joined(prefix, each)));
      const method = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)];
      if (access === undefined) {
        unguarded.push(...paths.map((each) => `${method} ${each} (${metatype.name}.${name})`));
        return [];
      }
      const answers = reflector.get<AnswersMetadata | undefined>(ANSWERS, handler);
      const forwards = reflector.get<PassThroughRoute | undefined>(PASS_THROUGH, handler);
      const performs = reflector.get<PerformsMetadata | undefined>(PERFORMS, handler);
      const deprecated = reflector.get<Deprecation | undefined>(DEPRECATED, handler);
      const shows = reflector.get<ShowsMetadata | undefined>(SHOWS, handler);
      const kind = some({ answers, forwards, performs, shows, deprecated });
      const keyed = needsKey(reflector, handler);
      const isKnown = answers !== undefined || forwards !== undefined || performs !== undefined;
      if (!isKnown && !SAFE.has(method) && reflector.get<unknown>(WRITES, handler) === undefined) {
        unclear.push(...paths.map((each) => `${method} ${each} (${metatype.name}.${name})`));
      }
      return paths.map((each) => ({ method, path: each, access, keyed, ...kind }));
    });
  });
  if (unguarded.length > 0)
    throw new StartError(`these routes do not say who may use them: ${unguarded.join(', ')}`);
  if (unclear.length > 0)
    throw new StartError(
      `these routes do not say whether they change anything (@Writes): ${unclear.join(', ')}`,
    );
  return routes;
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function joined(...parts: string[]): string {
  return `/${parts.join('/')}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

function some<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** The services that routes call. */
export function servicesOf(routes: readonly ListedRoute[]): {
  readonly called: string[];
  /** Those without which some route cannot answer at all. */
  readonly needed: string[];
  /** Those whose answers are outdated by changes that they tell of. */
  readonly telling: string[];
} {
  const parts = routes.flatMap(({ answers }) => answers?.aggregation.parts ?? []);
  const forwarded = routes.flatMap(({ forwards }) => (forwards === undefined ? [] : [forwards.operation]));
  const performed = routes.flatMap(({ performs }) => (performs === undefined ? [] : performedBy(performs)));
  const required = parts.filter(({ kind }) => kind === 'required').map(({ operation }) => operation);
  const asked = parts.map(({ operation }) => operation);
  return {
    called: namesOf([...asked, ...forwarded, ...performed]),
    needed: namesOf([...required, ...forwarded, ...performed]),
    telling: namesOf([...asked, ...forwarded].filter(({ freshness }) => freshness?.tags !== undefined)),
  };
}

/** Every operation that is known at boot to be called for a route: parts, steps, compensations, what a preparation reads. */
export function operationsOf({ answers, forwards, performs }: ListedRoute): Operation[] {
  return [
    ...(answers?.aggregation.parts ?? []).map(({ operation }) => operation),
    ...(forwards === undefined ? [] : [forwards.operation]),
    ...(performs === undefined ? [] : performedBy(performs)),
  ];
}

function performedBy({ saga, preparation }: PerformsMetadata): Operation[] {
  const steps = saga.steps.flatMap(({ operation, compensate }) => [
    operation,
    ...(compensate === undefined ? [] : [compensate.by]),
  ]);
  return [...(preparation.reads ?? []), ...steps];
}

function namesOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.map(({ service }) => service))].sort();
}
