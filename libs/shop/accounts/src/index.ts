export { accounts, address, addressId, customer } from './accounts.js';
export { apiKey, type StoredApiKey } from './api-keys.js';
