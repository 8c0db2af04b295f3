import { Channel, type ChannelBounds } from '@facet/transport';
import type { Kind } from './kind.js';

const MAX_FRAME_BYTES = 1024 * 1024;

/** Nest's TCP transport, to a service of ours or a stock one. Throws a RangeError that names a faulty bound. */
export function tcp(service: string, bounds: Partial<ChannelBounds> = {}): Kind {
  checkBounds(service, bounds);
  return {
    name: 'tcp',
    maxAnswerBytes: bounds.maxFrameBytes ?? MAX_FRAME_BYTES,
    message: ({ message, pattern }) => message ?? pattern,
    open: ({ host, port }) => new Channel({ ...bounds, host, port }),
  };
}

/** Now rather than with the first instance: a channel that never connects tells. */
function checkBounds(service: string, bounds: Partial<ChannelBounds>): void {
  try {
    new Channel({ ...bounds, host: 'localhost', port: 1 }).destroy();
  } catch (error) {
    const { message } = error as Error;
    throw new RangeError(`${service}.channel: ${message.replace(/^Channel: /, '')}`, { cause: error });
  }
}
