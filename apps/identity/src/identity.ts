import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listening, startAdmin, type Logger, type Running } from '@facet/platform';
import type { Provider } from 'oidc-provider';
import type { IdentityConfig } from './identity.config.js';
import { answerInteraction, pageHeaders } from './interaction.js';
import { ageOf, loadKeyRing, rotateKeys } from './keys.js';
import { createProvider } from './provider.js';
import { createStorage } from './storage.js';

/** A running provider. */
export interface Identity extends Running {
  readonly issuer: string;
  /** Signs with a new key from now on; the one before stays published. */
  rotate(): void;
}

/** Starts the development provider; `issuer` is its address as clients must know it. */
export async function startIdentity(config: IdentityConfig, logger: Logger): Promise<Identity> {
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (provider === undefined) return void response.writeHead(503).end();
    answer({ provider, logger }, request, response);
  });
  const admin = await startAdmin({ ...config.admin, ready: false });
  await listening(server, { host: config.host, port: config.port, variable: 'PORT' });
  const { port } = server.address() as AddressInfo;
  const issuer = config.issuer ?? `http://localhost:${port}`;

  const storage = createStorage();
  const use = (ring = loadKeyRing(config.keysFile)): void => {
    const { gateways, origins, accessTokenSeconds } = config;
    provider = createProvider({ issuer, gateways, origins, accessTokenSeconds, ring, storage });
    provider.on('server_error', (_, error) => logger.error({ err: error }, 'the provider failed'));
    provider.on('backchannel.error', (_, error) => logger.warn({ err: error }, 'back-channel logout failed'));
  };
  const rotate = () => {
    use(rotateKeys(config.keysFile));
    logger.info('signing keys rotated');
  };
  use();
  const rotateWhenDue = () => {
    if (ageOf(loadKeyRing(config.keysFile)) >= config.keyRotationMs) rotate();
  };
  rotateWhenDue();
  admin.setReady(true);
  const timer = setInterval(rotateWhenDue, Math.min(config.keyRotationMs, 3_600_000)).unref();
  return {
    issuer,
    addresses: { http: issuer, admin: admin.url },
    rotate,
    stop: async () => {
      admin.setReady(false);
      clearInterval(timer);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      await admin.stop();
    },
  };
}

function answer(
  context: { provider: Provider; logger: Logger },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const fail = (error: unknown) => {
    context.logger.error({ err: error }, 'a request failed');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
  if (request.url?.startsWith('/interaction/') === true) {
    answerInteraction(context, request, response).catch(fail);
    return;
  }
  // The sign-out form goes on to the shop after it, which is not known before: `form-action` is left to the library.
  for (const [name, value] of Object.entries(pageHeaders([]))) {
    if (name !== 'content-security-policy') response.setHeader(name, value);
  }
  void context.provider.callback()(request, response).catch(fail);
}
