import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { PluginRoute } from '@facet/access';
import type { Route } from '../routes/route.js';
import { pluginOperationOf } from './plugin-routes.js';
import { namedModels } from './models.js';
import { operationIds } from './operation-ids.js';
import { openApiPath, operationOf } from './operation.js';
import type { ProblemOptions } from './problems.js';
import { sharedSchemas, type Json } from './schemas.js';

export interface DocumentOptions extends ProblemOptions {
  readonly name: string;
  /** `info.version`. Default `1`. */
  readonly version: string | undefined;
  readonly routes: readonly Route[];
  /** Routes that guard themselves. */
  readonly beside: readonly PluginRoute[];
}

/**
 * The gateway's OpenAPI 3.1 document. Aggregated and passed-through routes are described by their own schemas; other
 * controllers by what @nestjs/swagger finds on them.
 */
export function openApiDocument(
  app: INestApplication,
  { name, version = '1', routes, beside, ...options }: DocumentOptions,
): Json {
  const base = new DocumentBuilder().setTitle(name).setVersion(version).setOpenAPIVersion('3.1.0').build();
  const found = SwaggerModule.createDocument(app, base);
  const ids = operationIds([...routes, ...beside]);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    const method = route.method.toLowerCase();
    const isOurs = route.target.kind !== 'handler' || route.target.answer !== undefined;
    const theirs = (found.paths[path] as Json | undefined)?.[method] as Json | undefined;
    const operation = { operationId: ids.get(route), ...operationOf(route, options) };
    paths[path] = { ...paths[path], [method]: isOurs ? operation : { ...theirs, ...operation } };
  }
  for (const route of beside) {
    const path = openApiPath(route.path);
    const operation = { operationId: ids.get(route), ...pluginOperationOf(route, options) };
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  const schemas = { ...found.components?.schemas, ...sharedSchemas };
  const named = namedModels(paths, schemas);
  const components = {
    ...found.components,
    schemas: { ...schemas, ...named.models },
    securitySchemes: { ...found.components?.securitySchemes, ...options.authenticator?.schemes },
  };
  return { ...found, paths: named.paths, components };
}
