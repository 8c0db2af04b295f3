import { assertCallers } from '@facet/auth/assertion';
import { sessionSignIn } from '@facet/auth/session';
import { openConsole } from '@facet/console';
import { startGateway } from '@facet/gateway';
import { servePictures } from '@facet/shop-pictures';
import { servePages } from './pages.js';
import { config } from './web-bff.config.js';
import { policy } from './web-bff.policy.js';
import { routes } from './routes.js';

const name = config.gateway;

await startGateway({
  routes,
  config,
  policy,
  console: openConsole,
  auth: ({ config: { own, production, http }, logger, audit }) =>
    sessionSignIn({ name, config: { ...own, production, port: http.port }, logger, audit }),
  assertCaller: ({ own, production }) => assertCallers(name, { ...own, production }),
  extend: servePictures,
  pages: servePages,
});
