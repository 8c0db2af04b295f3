import type { Access } from '@facet/access';
import type { Deprecation, Priority } from '@facet/contracts';
import { StartError } from '@facet/platform';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from '../access/access.js';
import { COST } from '../rate-limit/costs.js';
import { routeLimitsOf } from '../rate-limit/route-limits.js';
import { CRITICALITY } from './criticality.js';
import { canBeDegraded, criticalityOf, isWriting } from './define.js';
import { AUDIT } from './audit.js';
import { DEPRECATED, deprecationFields } from './deprecation.js';
import { checkObjectives, OBJECTIVES, type Objectives } from './objectives.js';
import { TARGET, WRITES, type TargetMetadata } from './decorators.js';
import type { Route } from './route.js';

/** A route, and the method that answers it. */
export interface ControllerRoute {
  readonly route: Route;
  readonly controller: Type;
  readonly handler: object;
}

interface Found {
  readonly routes: readonly ControllerRoute[];
  /** Those that do not say who may use them. */
  readonly unguarded: readonly string[];
  /** Those that do not say whether they change anything. */
  readonly unclear: readonly string[];
}

const reflector = new Reflector();
const scanner = new MetadataScanner();

/**
 * All routes of controllers, compiled from their decorators.
 *
 * @throws StartError naming every route that does not say who may use it, whether it changes anything, or says what cannot hold
 */
export function routesOfControllers(controllers: readonly Type[]): readonly ControllerRoute[] {
  const found = controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(prototype)
      .map((name) => routesOfHandler(controller, prototype[name] as object, name));
  });
  const all = <K extends keyof Found>(key: K) =>
    found.flatMap((each) => each[key] as readonly string[]).join(', ');
  const unguarded = all('unguarded');
  if (unguarded !== '') throw new StartError(`these routes do not say who may use them: ${unguarded}`);
  const unclear = all('unclear');
  if (unclear !== '')
    throw new StartError(`these routes do not say whether they change anything (@Writes): ${unclear}`);
  return found.flatMap(({ routes }) => routes);
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function routesOfHandler(controller: Type, handler: object, name: string): Found {
  const said = <T>(key: string) => reflector.get<T | undefined>(key, handler as never);
  const path = said<string | string[]>(PATH_METADATA);
  if (path === undefined) return { routes: [], unguarded: [], unclear: [] };
  const prefixes = [reflector.get<string | string[]>(PATH_METADATA, controller) ?? ''].flat();
  const paths = prefixes.flatMap((prefix) => [path].flat().map((each) => joined(prefix, each)));
  const method = RequestMethod[said<RequestMethod>(METHOD_METADATA) ?? RequestMethod.GET];
  const places = paths.map((each) => `${method} ${each} (${controller.name}.${name})`);
  const ofBoth = <T>(key: string) =>
    reflector.getAllAndOverride<T | undefined>(key, [handler as never, controller]);
  const access = ofBoth<Access>(ACCESS);
  if (access === undefined) return { routes: [], unguarded: places, unclear: [] };
  const { target, summary } = said<TargetMetadata>(TARGET) ?? { target: { kind: 'handler' } as const };
  const writes = said<boolean>(WRITES);
  const isUnclear = target.kind === 'handler' && writes === undefined && !SAFE.has(method);
  const deprecated = said<Deprecation>(DEPRECATED);
  const audit = said<Readonly<Record<string, string>>>(AUDIT);
  const slo = said<Objectives>(OBJECTIVES);
  const compiled = {
    ...{ method, access, target, nest: [] },
    limits: checkedAt(places, () => routeLimitsOf(handler, controller, said<number>(COST) ?? 1)),
    criticality: criticalityOf(target, ofBoth<Priority>(CRITICALITY)),
    isIdempotent: isWriting(target) || writes === true,
    fields: deprecated === undefined ? {} : deprecationFields(deprecated),
    ...(summary === undefined ? {} : { summary }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(audit === undefined ? {} : { audit }),
    ...(slo === undefined
      ? {}
      : { slo: checkedAt(places, () => checkObjectives(slo, canBeDegraded(target))) }),
  };
  return {
    routes: paths.map((each) => ({ route: { ...compiled, path: each }, controller, handler })),
    ...{ unguarded: [], unclear: isUnclear ? places : [] },
  };
}

function checkedAt<T>(places: readonly string[], check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new StartError(`${places.join(', ')}: ${(error as Error).message}`);
  }
}

function joined(...parts: string[]): string {
  return `/${parts.join('/')}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
