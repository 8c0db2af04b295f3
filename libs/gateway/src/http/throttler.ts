import type * as Nest from '@nestjs/throttler';

// What `@nestjs/throttler` loads with `require` has to be there already: it is CommonJS, Nest 12 is not, and Jest runs a
// CommonJS package while it still links the modules that import it.
await import('@nestjs/common');
await import('@nestjs/core');
const throttler = await import('@nestjs/throttler');

export const { normalizeIp } = throttler;
export const SkipThrottle: typeof Nest.SkipThrottle = throttler.SkipThrottle;
export const Throttle: typeof Nest.Throttle = throttler.Throttle;
