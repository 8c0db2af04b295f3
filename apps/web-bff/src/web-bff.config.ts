import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig('web-bff', {
  port: 3000,
  services: { catalog: 4020, inventory: 4030, recommendations: 4060 },
});
