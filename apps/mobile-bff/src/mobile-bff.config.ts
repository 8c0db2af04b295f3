import { mobileVariables } from '@facet/auth';
import { assertingVariables } from '@facet/auth/assertion';
import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig(
  'mobile-bff',
  {
    port: 3010,
    services: { catalog: 4020, inventory: 4030, orders: 4040, recommendations: 4060 },
  },
  { ...mobileVariables, ...assertingVariables },
);
