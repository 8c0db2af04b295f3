import { apiKeySignIn, serviceKeys } from '@facet/auth';
import { assertCallers } from '@facet/auth/assertion';
import { openConsole } from '@facet/console';
import { startGateway } from '@facet/gateway';
import { accounts } from '@facet/shop-accounts';
import { servePictures } from '@facet/shop-pictures';
import { config } from './partner-bff.config.js';
import { policy } from './partner-bff.policy.js';
import { routes } from './routes.js';

const name = config.gateway;

await startGateway({
  routes,
  config,
  policy,
  console: openConsole,
  auth: ({ config: { own, production }, logger, call, audit }) =>
    apiKeySignIn({
      name,
      config: { ...own, production },
      logger,
      audit,
      store: serviceKeys(call, accounts.apiKeyByHash),
    }),
  assertCaller: ({ own, production }) => assertCallers(name, { ...own, production }),
  extend: servePictures,
});
