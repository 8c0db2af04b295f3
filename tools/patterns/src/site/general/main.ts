/** The gateway that all clients share, with the policies that the gateways of the shop have. */
import { apiKeySignIn, issuerVariables, serviceKeys } from '@facet/auth';
import { assertCallers, assertingVariables } from '@facet/auth/assertion';
import { definePolicy, gatewayConfig, startGateway } from '@facet/gateway';
import { accounts } from '@facet/shop-accounts';
import { routes } from './routes.js';

const name = 'general-gateway';

const config = gatewayConfig(
  name,
  {
    port: 0,
    services: {
      accounts: 4010,
      catalog: 4020,
      inventory: 4030,
      recommendations: 4060,
      reviews: { kind: 'http', port: 4070 },
    },
  },
  { ...issuerVariables(`urn:facet:${name}`), ...assertingVariables },
);

const policy = definePolicy({
  rateLimits: {
    anonymous: { burst: { requests: 600, seconds: 10 }, sustained: { requests: 12_000, seconds: 300 } },
    callers: { burst: { requests: 200, seconds: 10 }, sustained: { requests: 3_000, seconds: 300 } },
    plans: {
      bulk: { burst: { requests: 1_000, seconds: 10 }, sustained: { requests: 15_000, seconds: 300 } },
    },
  },
  cache: { staleIfErrorMs: 60 * 60_000 },
});

await startGateway({
  routes,
  config,
  policy,
  auth: ({ config: { own, production }, logger, call, audit }) =>
    apiKeySignIn({
      name,
      config: { ...own, production },
      logger,
      audit,
      store: serviceKeys(call, accounts.apiKeyByHash),
    }),
  assertCaller: ({ own, production }) => assertCallers(name, { ...own, production }),
});
