import { issuerVariables } from '@facet/auth';
import { assertingVariables } from '@facet/auth/assertion';
import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig(
  'partner-bff',
  {
    port: 3020,
    services: { accounts: 4010, catalog: 4020, inventory: 4030, orders: 4040, payments: 4050 },
  },
  { ...issuerVariables('urn:facet:partner-bff'), ...assertingVariables },
);
