export { nextAttemptMs } from './schedule.js';
export { generateWebhookSecret } from './secret.js';
export { sendWebhook, type Delivery, type SendOptions, type WebhookMessage } from './send.js';
export { parseTarget, type TargetRules } from './target.js';
