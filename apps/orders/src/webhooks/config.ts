import { ConfigError, flag, loadConfig, type Environment } from '@facet/platform';
import { z } from 'zod';

/** What the service reads beside what every service does. */
export const variables = {
  WEBHOOKS_ALLOW_PRIVATE: flag(false).describe(
    "Whether webhooks may go to `http` and to addresses of one's own machine and networks, to try them out. Refused in production",
  ),
};
const schema = z.object({ NODE_ENV: z.string().optional(), ...variables });

/** Where webhooks may go. */
export class WebhookConfig {
  constructor(readonly allowPrivate: boolean) {}
}

/** @throws ConfigError in production where our own networks would be let in */
export function readWebhookConfig(env?: Environment): WebhookConfig {
  const { NODE_ENV, WEBHOOKS_ALLOW_PRIVATE } = loadConfig('orders', schema, env);
  if (NODE_ENV === 'production' && WEBHOOKS_ALLOW_PRIVATE) {
    const expected = 'expected false in production: webhooks would reach our own networks';
    throw new ConfigError('orders', [{ variable: 'WEBHOOKS_ALLOW_PRIVATE', got: 'true', expected }]);
  }
  return new WebhookConfig(WEBHOOKS_ALLOW_PRIVATE);
}
