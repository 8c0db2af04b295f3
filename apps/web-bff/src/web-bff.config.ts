import { assertingVariables } from '@facet/auth/assertion';
import { sessionVariables } from '@facet/auth/session';
import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig(
  'web-bff',
  {
    port: 3000,
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
  { ...sessionVariables('web-bff'), ...assertingVariables },
);
