import type { Authenticator, PluginRoute } from '@facet/access';
import { operationId, problemOf, securityOf } from './operation.js';
import type { Json } from './schemas.js';

/** A route that guards itself as an OpenAPI operation. */
export function pluginOperationOf(route: PluginRoute, authenticator: Authenticator | undefined): Json {
  const { path, access, summary, query = {}, form, responses } = route;
  const parameters = [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    })),
    ...Object.entries(query).map(([name, description]) => ({
      ...{ name, in: 'query', required: false, description, schema: { type: 'string' } },
    })),
  ];
  return {
    operationId: operationId(route),
    summary,
    security: securityOf(access, authenticator),
    parameters,
    ...(form === undefined ? {} : { requestBody: bodyOf(form) }),
    responses: { ...responsesOf(responses), ...(access === 'public' ? {} : denials) },
  };
}

const denials = { 401: problemOf(401, ['auth.sign-in-required']), 403: problemOf(403, ['access.denied']) };

function responsesOf(responses: PluginRoute['responses']): Json {
  return Object.fromEntries(
    Object.entries(responses).map(([status, description]) => [
      status,
      Number(status) < 400 ? { description } : { ...problemOf(Number(status), []), description },
    ]),
  );
}

function bodyOf(form: NonNullable<PluginRoute['form']>): Json {
  const properties = Object.fromEntries(
    Object.entries(form).map(([name, description]) => [name, { type: 'string', description }]),
  );
  const schema = { type: 'object', properties, required: Object.keys(form) };
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema } } };
}
