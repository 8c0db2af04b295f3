import type { FastifyInstance } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
import type { Plans } from './plans.js';

/**
 * Who has sent too many credentials that prove nobody is refused before the next one is looked at. To send none is no
 * guess.
 */
export function refuseGuessers(instance: FastifyInstance, plans: Plans): void {
  instance.addHook('onRequest', (request, _reply, done) => done(plans.refusedForGuessing(request.ip)));
  instance.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401 && exchangeOf(request)?.problem !== 'auth.required')
      plans.failed(request.ip);
    done();
  });
}
