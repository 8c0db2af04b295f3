import { issuerVariables } from '@facet/auth';
import { assertingVariables } from '@facet/auth/assertion';
import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig(
  'mobile-bff',
  {
    port: 3010,
    services: {
      accounts: 4010,
      catalog: 4020,
      inventory: 4030,
      orders: 4040,
      payments: 4050,
      recommendations: 4060,
      reviews: { kind: 'http', port: 4070 },
    },
  },
  { ...issuerVariables('urn:facet:mobile-bff'), ...assertingVariables },
);
