/** Of `"burst";r=0;t=5, "day";r=9000;t=40000` the longest wait for a limit that is used up, in milliseconds. */
export function exhaustedFor(headers: Headers): number {
  const waits = (headers.get('ratelimit') ?? '').split(',').map((limit) => {
    const [, left = '1'] = /;\s*r=(\d+)/.exec(limit) ?? [];
    const [, seconds = '0'] = /;\s*t=(\d+)/.exec(limit) ?? [];
    return left === '0' ? Number(seconds) * 1_000 : 0;
  });
  return Math.max(...waits);
}

/** `Retry-After`, seconds or a date, in milliseconds; undefined where it is not there or is neither. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** Resolves after so many milliseconds; rejects with the signal's reason where that comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
