import type { PluginRoute } from '@facet/access';
import { securityOf } from './operation.js';
import { problemOf, problemResponses, problemsBefore, type ProblemOptions } from './problems.js';
import type { Json } from './schemas.js';

/** A route that guards itself as an OpenAPI operation, but for its id. */
export function pluginOperationOf(route: PluginRoute, options: ProblemOptions): Json {
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
    summary,
    security: securityOf(access, options.authenticator),
    parameters,
    ...(form === undefined ? {} : { requestBody: bodyOf(form) }),
    responses: {
      ...(access === 'public' ? {} : problemResponses([...problemsBefore(access, options), SIGN_IN])),
      ...responsesOf(responses),
    },
    // It guards itself: no rule of the audit knows how.
    'x-facet-plugin': true,
  };
}

const SIGN_IN = ['auth.sign-in-required', 401] as const;

function responsesOf(responses: PluginRoute['responses']): Json {
  return Object.fromEntries(
    Object.entries(responses).map(([status, said]) => {
      const { description, answer, codes = [] } = typeof said === 'string' ? { description: said } : said;
      if (Number(status) >= 400)
        return [status, { ...problemOf(Number(status), codes), description: description }];
      const content = answer === undefined ? {} : { content: { 'application/json': { schema: answer } } };
      return [status, { description, ...content }];
    }),
  );
}

function bodyOf(form: NonNullable<PluginRoute['form']>): Json {
  const properties = Object.fromEntries(
    Object.entries(form).map(([name, description]) => [name, { type: 'string', description }]),
  );
  const schema = { type: 'object', properties, required: Object.keys(form) };
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema } } };
}
