export { accounts, address, customer } from './accounts.js';
export { apiKey, type StoredApiKey } from './api-keys.js';
