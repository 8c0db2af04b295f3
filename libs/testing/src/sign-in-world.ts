import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './process.js';
import { startWorld, type Env } from './world.js';

interface SignInWorldOptions {
  /** The gateway that users sign in at. */
  readonly gateway: string;
  readonly services?: readonly string[];
  /** What is started with it, it among them by default: none where a test starts it itself, on the port of the origin. */
  readonly gateways?: readonly string[];
  /** More for the gateway. */
  readonly env?: Env;
  /** More for it and all that is started with it. */
  readonly everywhere?: Env;
}

/** The gateway with the provider that its users sign in at, and the services that it calls. */
export async function startSignInWorld({
  gateway,
  services = [],
  gateways = [gateway],
  env = {},
  everywhere = {},
}: SignInWorldOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'facet-sign-in-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const identity = await startProcess({
    app: 'identity',
    env: {
      [`${gateway.toUpperCase().replaceAll('-', '_')}_ORIGIN`]: origin,
      IDENTITY_KEYS_FILE: join(folder, 'keys.json'),
    },
  });
  const issuer = identity.addresses['http'] ?? '';
  const leave = async () => {
    await identity.stop();
    rmSync(folder, { recursive: true });
  };
  const world = await startWorld({
    services,
    gateways,
    env: { '*': everywhere, [gateway]: { PORT: String(port), ISSUER_URL: issuer, ...env } },
  }).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  return {
    origin,
    port,
    issuer,
    world,
    identity,
    stop: async () => {
      await world.stop();
      await leave();
    },
  };
}

/** The provider must know the gateway's address before the gateway has it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
