import {
  placeOf as placeIn,
  startProcess,
  startWorld,
  type AppProcess,
  type Env,
  type World,
} from '@facet/testing';
import type { Cleanup } from './experiment.js';

/** One of them, `reviews`, speaks HTTP. */
export const SHOP = ['catalog', 'inventory', 'recommendations', 'reviews'];

/** The mobile gateway over the services that its screens are made from. */
export async function startShop(cleanup: Cleanup, env: Env = {}): Promise<World> {
  return cleanup.add(
    await startWorld({ services: SHOP, gateways: ['mobile-bff'], env: { 'mobile-bff': env } }),
  );
}

/** One more instance of a service, with the data of the others. */
export async function startInstance(
  cleanup: Cleanup,
  world: World,
  app: string,
  env: Env = {},
): Promise<AppProcess> {
  const { url, prefix } = world.database;
  const process = await startProcess({ app, env: { DATABASE_URL: url, DATABASE_PREFIX: prefix, ...env } });
  return cleanup.add(process);
}

/** A screen over services on Nest's TCP transport, and an answer of one that speaks HTTP. */
export const screensOf = (world: World): readonly string[] => screensAt(world.url('mobile-bff'));

export const screensAt = (url: string): readonly string[] => [
  `${url}/v1/home`,
  `${url}/v1/products/prd_0001/reviews`,
];

/** Every request is a visitor of its own, and every answer is made anew. */
export const OPEN: Env = { TRUSTED_PROXIES: '127.0.0.0/8', ANSWER_CACHE: 'false' };

/** The address of an instance, as gateways are told it. */
export const placeOf = ({ addresses }: AppProcess): string => placeIn(addresses) ?? '';
