import { apiKeySignIn } from '@facet/auth';
import { assertCallers } from '@facet/auth/assertion';
import { startGateway } from '@facet/gateway';
import { apiKeyStore } from './api-key-store.js';
import { config } from './partner-bff.config.js';
import { PartnerBffModule } from './partner-bff.module.js';
import { policy } from './partner-bff.policy.js';

const name = config.gateway;

await startGateway({
  module: PartnerBffModule,
  config,
  policy,
  auth: ({ config: { own, production }, logger, call }) =>
    apiKeySignIn({ name, config: { ...own, production }, logger, store: apiKeyStore(call) }),
  assertCaller: ({ own, production }) => assertCallers(name, { ...own, production }),
});
