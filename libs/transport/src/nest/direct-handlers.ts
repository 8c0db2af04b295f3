import type { INestMicroservice } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, type ApplicationConfig } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import {
  PARAM_ARGS_METADATA,
  PATTERN_HANDLER_METADATA,
  PATTERN_METADATA,
  TRANSPORT_METADATA,
} from '@nestjs/microservices/constants.js';

import type { FacetContext } from './facet-context.js';
import type { FacetServer } from './facet-server.js';
import { WireErrorFilter } from './wire-error.filter.js';

export type DirectHandler = (data: unknown, context: FacetContext) => unknown;

export interface DirectOptions {
  /** Global guards and filters that `around` stands in for. Any other makes Nest's way the only one. */
  readonly known?: readonly object[];
  /** Makes the handler that is called of a controller's method. */
  readonly around?: (handler: DirectHandler) => DirectHandler;
}

/**
 * Lets `server` call methods of controllers themselves, without Nest's pipeline, wherever that has nothing to do: no
 * guard, pipe, interceptor or filter of the method, its class or the application, arguments that are `@Payload()` and
 * `@Ctx()`, and no request scope. Everything else goes Nest's way. For an application that is initialised. Returns the
 * patterns that are called directly.
 */
export function callDirectly(
  app: INestMicroservice,
  server: FacetServer,
  { known = [], around = (handler) => handler }: DirectOptions = {},
): readonly string[] {
  // Nest has no public way to ask for the enhancers of an application.
  const { applicationConfig } = app as unknown as { applicationConfig?: ApplicationConfig };
  if (applicationConfig === undefined || hasOthers(applicationConfig, known)) return [];
  const controllers = [...app.get(ModulesContainer, { strict: false }).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  const times = countPatterns(
    controllers.map(({ metatype }) => (metatype as { prototype: object }).prototype),
  );
  const direct: string[] = [];
  for (const wrapper of controllers) {
    if (!wrapper.isDependencyTreeStatic() || isEnhanced(wrapper.metatype as object)) continue;
    for (const [pattern, handler] of handlersOf(wrapper.instance)) {
      const name = nameOf(pattern);
      // Which of two methods Nest gives a pattern to is its own affair.
      if (times.get(name) !== 1) continue;
      server.handleDirectly(pattern, around(handler));
      direct.push(name);
    }
  }
  return direct;
}

function nameOf(pattern: Pattern): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}

/** How many methods there are for each pattern. */
function countPatterns(prototypes: readonly object[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const prototype of prototypes) {
    for (const method of scanner.getAllMethodNames(prototype)) {
      const patterns = patternsOf((prototype as Record<string, object>)[method]);
      for (const name of patterns.map(nameOf)) times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  return times;
}

function patternsOf(method: object | undefined): readonly Pattern[] {
  if (method === undefined) return [];
  return (Reflect.getMetadata(PATTERN_METADATA, method) as readonly Pattern[] | undefined) ?? [];
}

function hasOthers(config: ApplicationConfig, known: readonly object[]): boolean {
  const global: readonly object[] = [
    ...config.getGlobalGuards(),
    ...config.getGlobalPipes(),
    ...config.getGlobalInterceptors(),
    ...config.getGlobalFilters(),
    ...config.getGlobalRequestGuards(),
    ...config.getGlobalRequestPipes(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalRequestFilters(),
    ...config.getGlobalPreRequestHooks(),
  ];
  return global.some((each) => !(each instanceof WireErrorFilter) && !known.includes(each));
}

const ENHANCERS = [GUARDS_METADATA, PIPES_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];

function isEnhanced(target: object): boolean {
  return ENHANCERS.some((key) => (Reflect.getMetadata(key, target) as unknown[] | undefined)?.length);
}

type Pattern = string | Record<string, unknown>;
const scanner = new MetadataScanner();
/** Nest's `PatternHandler.MESSAGE`. */
const MESSAGE = 1;

function handlersOf(instance: object): (readonly [Pattern, DirectHandler])[] {
  return scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((name) => {
    const method = (instance as Record<string, (...args: unknown[]) => unknown>)[name];
    if (method === undefined || !isPlainMessageHandler(method)) return [];
    const handler = handlerOf(instance, name, method);
    return handler === undefined ? [] : patternsOf(method).map((pattern) => [pattern, handler] as const);
  });
}

function isPlainMessageHandler(method: object): boolean {
  if (Reflect.getMetadata(PATTERN_HANDLER_METADATA, method) !== MESSAGE || isEnhanced(method)) return false;
  const transport = Reflect.getMetadata(TRANSPORT_METADATA, method) as unknown;
  return transport === undefined || transport === Transport.TCP;
}

interface Argument {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes?: readonly unknown[];
}

/** Nest's `RpcParamtype`, as the keys of a method's arguments begin with it. */
const PAYLOAD = '3';
const CONTEXT = '6';

/** Undefined where an argument is more than the payload or the context as it is. */
function handlerOf(
  instance: object,
  name: string,
  method: (...args: unknown[]) => unknown,
): DirectHandler | undefined {
  const named = Reflect.getMetadata(PARAM_ARGS_METADATA, instance.constructor, name) as
    Record<string, Argument> | undefined;
  const kinds: string[] = [];
  for (const [key, { index, data, pipes = [] }] of Object.entries(named ?? DEFAULT_ARGUMENTS)) {
    const [kind = ''] = key.split(':');
    if ((kind !== PAYLOAD && kind !== CONTEXT) || data !== undefined || pipes.length > 0) return undefined;
    kinds[index] = kind;
  }
  if (kinds[0] === PAYLOAD && kinds.length === 1) return (data) => method.call(instance, data);
  if (kinds[0] === PAYLOAD && kinds[1] === CONTEXT && kinds.length === 2)
    return (data, context) => method.call(instance, data, context);
  return (data, context) =>
    method.apply(
      instance,
      Array.from(kinds, (kind) => (kind === PAYLOAD ? data : kind === CONTEXT ? context : undefined)),
    );
}

/** What Nest gives to a method whose arguments have no decorator. */
const DEFAULT_ARGUMENTS: Record<string, Argument> = {
  [`${PAYLOAD}:0`]: { index: 0 },
  [`${CONTEXT}:1`]: { index: 1 },
};
