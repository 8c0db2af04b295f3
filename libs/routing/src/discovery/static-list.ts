import { parseAddress, formatAddress } from '../address.js';
import type { Discovery } from './discovery.js';

/**
 * Addresses that do not change: `['10.0.0.1:4020', '10.0.0.2:4020']` or the same as one text with commas.
 * Throws a RangeError for an empty list or a faulty address.
 */
export function staticList(addresses: readonly string[] | string): Discovery {
  const given = typeof addresses === 'string' ? addresses.split(',') : addresses;
  const list = given
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const { host, port } = parseAddress(each);
      return formatAddress(host, port);
    });
  if (list.length === 0) throw new RangeError('staticList: no address given, expected host:port,host:port');
  return {
    watch: (observer) => {
      observer.found([...new Set(list)]);
      return () => undefined;
    },
  };
}
