import { Fault } from '@facet/platform';
import type { Criticality, Shedder } from '@facet/policy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayMetrics } from '../metrics.js';
import type { ListedRoute } from '../routes/list.js';

interface Parts {
  readonly shedder: Shedder;
  readonly routes: readonly ListedRoute[];
  readonly metrics: GatewayMetrics;
}

/** Turns requests away before anything of them is read, the least critical first. */
export function shed(instance: FastifyInstance, { shedder, routes, metrics }: Parts): void {
  const known = new Map(routes.map((route) => [`${route.method} ${route.path}`, criticalityOf(route)]));
  const of = ({ method, routeOptions: { url = '' } }: FastifyRequest): Criticality =>
    // What stands beside the API is a sign-in or a page: without them nobody gets in.
    known.get(`${method === 'HEAD' ? 'GET' : method} ${url}`) ?? 'high';
  instance.addHook('onRequest', (request, reply, done) => {
    const criticality = of(request);
    if (shedder.admits(criticality)) {
      // Also of one whose client has left, which Fastify does not tell of as a response.
      reply.raw.once('close', () => shedder.done());
      done();
      return;
    }
    metrics.shed(criticality);
    done(
      new Fault('overload.shed', 503, 'Too much is asked at present.', {
        retryAfterMs: 1_000,
        policy: 'shedding',
      }),
    );
  });
}

function criticalityOf({ answers, forwards, performs }: ListedRoute): Criticality {
  if (performs !== undefined) return 'high';
  return answers?.aggregation.criticality ?? forwards?.criticality ?? 'normal';
}
