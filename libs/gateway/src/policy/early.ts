import type { FastifyInstance } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
import { addressOf } from '../http/trusted-proxies.js';
import type { Plans } from './plans.js';
import { setRateLimit } from './rate-limit-fields.js';

/**
 * What can be refused before anything of a request is read or proven: what was refused a moment ago, and the next
 * credential of an address that has sent too many that prove nobody. To send none is no guess.
 */
export function refuseEarly(instance: FastifyInstance, plans: Plans): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const known = plans.refusals.of(request);
    if (known !== undefined) {
      setRateLimit(reply, known.readings);
      done(plans.refusal(known, known.window, known.waitMs));
      return;
    }
    done(plans.refusedForGuessing(addressOf(request)));
  });
  instance.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 401 && exchangeOf(request)?.problem !== 'auth.required')
      plans.failed(addressOf(request));
    done();
  });
}
