import { createUpstreams, staticList, type Upstreams, type UpstreamSettings } from '../../src/index.js';

/** Upstreams for the shop at some addresses. */
export function shopAt(addresses: readonly string[], settings: UpstreamSettings = {}): Upstreams {
  return createUpstreams({ shop: { ...settings, discovery: staticList(addresses) } });
}

/** What the snapshot says of the instance at an address. */
export function stateOf(upstreams: Upstreams, address: string): string | undefined {
  const [shop] = upstreams.snapshot();
  return shop?.instances.find((each) => each.address === address)?.state;
}

/** Counts attempts, all of them and those at each instance. */
export function countAttempts(upstreams: Upstreams): { total: number; at: Map<string, number> } {
  const counts = { total: 0, at: new Map<string, number>() };
  upstreams.events.on('attempt', ({ instance }) => {
    counts.total += 1;
    counts.at.set(instance, (counts.at.get(instance) ?? 0) + 1);
  });
  return counts;
}
