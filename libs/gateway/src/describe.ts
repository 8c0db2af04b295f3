import { createLogger, StartError, type Environment, type Logger } from '@facet/platform';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import { createApp } from './create-app.js';
import { UserHooks } from './http/user-hooks.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import { openApiDocument } from './openapi/document.js';
import type { Json } from './openapi/schemas.js';
import type { GatewayOptions } from './options.js';
import { orNoStart } from './or-no-start.js';
import { openPolicies, type Policies } from './policies.js';
import { settingsOf, type PolicySettings } from './policy.js';
import { ProblemFilter } from './problems/filter.js';
import { ReplyWriter } from './reply/writer.js';
import { OpenRequests } from './request/open-requests.js';

/** Has `main.ts` print the gateway's OpenAPI document instead of starting it. */
export const DESCRIBE = '--describe';

/**
 * The OpenAPI document of a gateway that does not start: it listens nowhere and connects to nobody, neither to services
 * nor to Redis or the issuer. Its providers are created, and not initialised. The document is the same wherever it is
 * made: as in development, whatever NODE_ENV and REDIS_URL say.
 *
 * @throws StartError, ConfigError as a start would
 */
export async function describeGateway<C extends GatewayConfig>(
  options: GatewayOptions<C>,
  environment: Environment = process.env,
): Promise<Json> {
  const name = options.config.gateway;
  const config = options.config.load({ ...environment, NODE_ENV: 'development', REDIS_URL: undefined });
  const logger = createLogger({ name, level: 'error', destination: process.stderr });
  const settings = orNoStart(() => settingsOf(options.policy ?? {}));
  const metrics = new GatewayMetrics(name);
  const policy = openPolicies(settings, { gateway: name, shared: undefined, logger, metrics });
  let auth: GatewayAuth | undefined;
  try {
    auth = await options.auth?.({ config, logger, call: callNobody, audit: () => undefined });
    const { app, table } = await createApp({
      ...{ module: options.module, routes: options.routes ?? [], config, logger, call: callNobody },
      ...{ limits: settings.limits, authenticator: auth?.authenticator },
      ...{ stepsFor: () => [], idempotency: policy.idempotency },
      ...around({ config, logger, policy, settings }),
    });
    return openApiDocument(app, {
      ...{
        name,
        version: options.version,
        routes: table.all,
        beside: auth?.paths ?? [],
        authenticator: auth?.authenticator,
      },
      counted: policy.rateLimits !== undefined,
      sheds: policy.shedder !== undefined,
    });
  } finally {
    await auth?.close?.();
    await policy.close();
  }
}

interface Parts {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly policy: Policies;
  readonly settings: PolicySettings;
}

/** What answers requests: none comes. */
function around({ config, logger, policy: { rateLimits }, settings: { limits } }: Parts) {
  const writer = new ReplyWriter(undefined, new UserHooks());
  const problems = new ProblemFilter(logger, writer);
  const requests = new OpenRequests({ answerMs: config.http.requestTimeoutMs, readMs: limits.readMs });
  return { problems, adapter: { logger, rateLimits, cors: undefined, writer, problems, requests } };
}

const callNobody = (): Promise<never> =>
  Promise.reject(new StartError('a gateway that only describes itself calls no service'));

/** Prints the document for a tool to read; what is wrong with the gateway is one line, and exit code 1. */
export async function printDescription<C extends GatewayConfig>(options: GatewayOptions<C>): Promise<void> {
  const [text, code] = await describeGateway(options).then(
    (document) => [`${JSON.stringify(document, null, 2)}\n`, 0] as const,
    (error: unknown) => [`${(error as Error).message}\n`, 1] as const,
  );
  await new Promise<void>((resolve) => {
    (code === 0 ? process.stdout : process.stderr).write(text, () => resolve());
  });
  process.exit(code);
}
