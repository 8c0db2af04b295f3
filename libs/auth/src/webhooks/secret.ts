import { randomBytes } from 'node:crypto';

/** A new secret for one receiver, in the form that Standard Webhooks gives it: 256 random bits. */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
