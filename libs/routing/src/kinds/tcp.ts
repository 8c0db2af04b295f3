import { Channel, checkChannelSettings, type ChannelSettings } from '@facet/transport';
import type { Kind } from './kind.js';

/** Nest's TCP transport, to a service of ours or a stock one. Throws a RangeError that names a faulty setting. */
export function tcp(service: string, given: ChannelSettings = {}): Kind {
  const settings = checkChannelSettings(`${service}.channel`, given);
  return {
    name: 'tcp',
    maxAnswerBytes: settings.maxFrameBytes,
    message: ({ message, pattern }) => message ?? pattern,
    open: ({ host, port }) => new Channel({ ...settings, host, port }),
  };
}
