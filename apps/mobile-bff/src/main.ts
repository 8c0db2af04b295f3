import { bearerSignIn } from '@facet/auth';
import { assertCallers } from '@facet/auth/assertion';
import { openConsole } from '@facet/console';
import { startGateway } from '@facet/gateway';
import { servePictures } from '@facet/shop-pictures';
import { config } from './mobile-bff.config.js';
import { policy } from './mobile-bff.policy.js';
import { routes } from './routes.js';

const name = config.gateway;

await startGateway({
  routes,
  config,
  policy,
  console: openConsole,
  auth: ({ config: { own, production }, logger, audit }) =>
    bearerSignIn({ name, config: { ...own, production }, logger, audit }),
  assertCaller: ({ own, production }) => assertCallers(name, { ...own, production }),
  extend: servePictures,
});
