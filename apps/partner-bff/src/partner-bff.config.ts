import { gatewayConfig } from '@facet/gateway';

export const config = gatewayConfig('partner-bff', {
  port: 3020,
  services: { catalog: 4020, inventory: 4030 },
});
