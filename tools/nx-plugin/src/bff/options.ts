export const clients = ['web', 'mobile', 'partner', 'custom'] as const;
export type Client = (typeof clients)[number];

/** How callers prove who they are. */
export const auths = ['session', 'bearer', 'api-key'] as const;
export type Auth = (typeof auths)[number];

export interface BffOptions {
  readonly name: string;
  readonly client?: Client;
  /** By default what suits the client. */
  readonly auth?: Auth;
  /** With commas between. */
  readonly services?: string;
  readonly port?: number;
  /** Where services are of which nobody has said so yet: `users=4090`. */
  readonly address?: string;
}

export const authOf: Readonly<Record<Client, Auth>> = {
  web: 'session',
  mobile: 'bearer',
  partner: 'api-key',
  custom: 'bearer',
};

/** Whose policy a gateway begins with. Keys are good for a plan, and the partner's policy is the one that has plans. */
export const policyOf = (client: Client, auth: Auth): string =>
  auth === 'api-key' ? 'partner' : client === 'custom' ? 'web' : client;

export const signsInBy: Readonly<Record<Auth, string>> = {
  session: 'a session of the browser',
  bearer: 'access token',
  'api-key': 'API key, or a token of their own (client credentials)',
};
