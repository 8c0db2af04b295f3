/** A user with this customer, and all scopes that users have. */
export function sampleCaller(customerId: string) {
  return {
    subject: `user-of-${customerId}`,
    kind: 'user' as const,
    credential: 'bearer' as const,
    client: 'spec',
    scopes: ['orders:read', 'orders:write'],
    roles: [],
    customerId,
  };
}
