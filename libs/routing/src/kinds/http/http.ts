import type { Kind } from '../kind.js';
import { HttpChannel } from './http-channel.js';
import { resolveHttp, type HttpOptions } from './options.js';
import { RequestTemplate } from './request-template.js';
import { Validators } from './validators.js';

/** REST services: what their contracts say in `http`. Throws a RangeError that names a faulty option. */
export function http(service: string, options: HttpOptions = {}): Kind {
  const resolved = resolveHttp(service, options);
  const validators = new Validators();
  return {
    name: 'http',
    maxAnswerBytes: resolved.maxAnswerBytes,
    message: (operation) => {
      const { pattern, freshness } = operation;
      if ((freshness?.tags ?? []).length > 0) {
        throw new RangeError(
          `${pattern}: a service that speaks HTTP tells of no changes; leave out freshness.tags`,
        );
      }
      return new RequestTemplate(operation);
    },
    open: (address) => new HttpChannel(address, resolved, validators),
  };
}
