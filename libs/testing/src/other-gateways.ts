import { readApps } from '@facet/dev';

/** Every gateway of the workspace but this one, also those that come after it: what is one's caller must be nobody there. */
export function otherGateways(gateway: string): readonly string[] {
  return readApps()
    .filter(({ kind, name }) => kind === 'gateway' && name !== gateway)
    .map(({ name }) => name);
}
