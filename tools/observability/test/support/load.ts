/** What a phone asks for, well and badly: each panel has something to show. */
const PATHS = [
  '/v1/home',
  '/v1/products/prd_0001',
  '/v1/products/prd_0002/reviews',
  '/v1/products/prd_none',
  '/v1/orders',
  '/v1/nowhere',
];

/** A few requests at once, each from an address of its own. */
export async function ask(url: string, times = 4): Promise<void> {
  const paths = Array.from({ length: times }, () => PATHS).flat();
  await Promise.all(
    paths.map(async (path) => {
      const headers = { 'x-forwarded-for': `10.0.${byte()}.${byte()}` };
      await (await fetch(url + path, { headers })).arrayBuffer();
    }),
  );
}

const byte = () => Math.floor(Math.random() * 256);

/** The names of all metrics that processes expose. */
export async function exposedMetrics(admins: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(admins.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const names = texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}
