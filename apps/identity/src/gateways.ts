/** A gateway as this provider knows it. */
export interface GatewayClient {
  readonly gateway: string;
  readonly clientId: string;
  /** As the sign-in page shows it. */
  readonly name: string;
  /** `session`: a browser's, the gateway keeps the tokens; `bearer`: an app's; `api-key`: a partner's own token. */
  readonly signIn: 'session' | 'bearer' | 'api-key';
  /** Where browsers find it in development, of a `session` gateway. `<GATEWAY>_ORIGIN` says otherwise. */
  readonly origin?: string;
}

/** One client for each gateway; the generator of gateways adds to them. */
export const gateways: readonly GatewayClient[] = [
  {
    gateway: 'web-bff',
    clientId: 'web-bff',
    name: 'the Facet shop',
    signIn: 'session',
    origin: 'http://localhost:3000',
  },
  { gateway: 'mobile-bff', clientId: 'mobile-bff', name: 'the Facet app', signIn: 'bearer' },
  { gateway: 'partner-bff', clientId: 'partner', name: 'a partner', signIn: 'api-key' },
];

/** The variable that says where browsers find a gateway: `WEB_BFF_ORIGIN`. */
export function originVariable(gateway: string): string {
  return `${gateway.toUpperCase().replaceAll('-', '_')}_ORIGIN`;
}

/** Where browsers find each gateway that keeps sessions. */
export type Origins = Readonly<Record<string, string>>;
