import { addresses } from '@facet/platform';
import { dns, redisRegistry, staticList, type Discovery } from '@facet/routing';
import { z } from 'zod';

const message =
  'expected host:port (several with commas between), dns://name:port, srv://name or redis://host:port';

/**
 * Where the instances of a service are: a list, or one place that knows them and is asked again while the gateway
 * runs. `dns://` takes A records, `srv://` SRV records, `redis://` the registry that services register with.
 */
export function instances(byDefault: string) {
  const list = addresses(byDefault).unwrap();
  return z
    .string()
    .transform((text, context): readonly string[] => {
      if (isPlace(text)) return [text];
      const parsed = list.safeParse(text);
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .default([byDefault]);
}

/** How a gateway learns the instances of `service` from what its configuration says of them. */
export function discoveryOf(service: string, at: readonly string[]): Discovery {
  const [place = ''] = at;
  if (!isPlace(place)) return staticList(at);
  const { protocol, hostname, port } = new URL(place);
  if (protocol === 'dns:') return dns({ name: hostname, port: Number(port) });
  if (protocol === 'srv:') return dns({ name: hostname, type: 'SRV' });
  return redisRegistry({ service, url: place });
}

function isPlace(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port } = new URL(text);
  if (hostname === '') return false;
  if (protocol === 'dns:') return port !== '';
  return protocol === 'srv:' ? port === '' : protocol === 'redis:' || protocol === 'rediss:';
}
