import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig('mobile-bff', {
  port: 3010,
  services: { catalog: 4020, inventory: 4030, recommendations: 4060 },
});
