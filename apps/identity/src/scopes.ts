/** What access tokens of people can be good for, besides OpenID Connect's own scopes. */
export const userScopes: readonly string[] = ['orders:read', 'orders:write'];

/** What the tokens of partners can be good for. */
export const partnerScopes: readonly string[] = [
  'catalog:read',
  'inventory:read',
  'orders:read',
  'orders:write',
  'webhooks:write',
];

export const apiScopes: readonly string[] = [...new Set([...partnerScopes, ...userScopes])];
