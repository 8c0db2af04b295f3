import type { BuildScreen } from './api.js';

/** How many calls in a row the map asks for: each needs what the one before it has brought. */
export const chainLengths = [1, 2, 3, 5, 8] as const;

/** The product that is asked for at each place of a chain, each time another: nothing can be asked for once. */
export const chainId = (place: number): string => `prd_${String(101 + place).padStart(4, '0')}`;

/** The chain as a client without a gateway has it. */
export const chainOf =
  (length: number): BuildScreen =>
  async (api) => {
    let last: object = {};
    for (let place = 0; place < length; place += 1)
      last = { last: await api.get<object>(`/catalog/product?id=${chainId(place)}`) };
    return last;
  };

/** The chain behind one call of a gateway. */
export const gatheredChain =
  (length: number): BuildScreen =>
  (api) =>
    api.get<object>(`/v1/chains/${length}`);
