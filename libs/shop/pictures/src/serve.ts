import type { FastifyInstance } from 'fastify';
import { PICTURES } from './path.js';
import { pictureAt } from './picture.js';

/** A year: what has this address stays as it is. */
const CACHED = 'public, max-age=31536000, immutable';

/** Nothing in a picture is loaded or run, also where it is opened as a page of its own. */
const POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * Draws pictures at `/pictures/1/…`, for everybody and on every site. A gateway has them by `extend: servePictures`: requests
 * for them are not counted against its rate limits. What is no picture is answered as any address that nothing answers.
 */
export function servePictures(app: FastifyInstance): void {
  for (const [group, names] of Object.entries(groups)) {
    app.get<{ Params: Record<string, string> }>(`${PICTURES}/${group}/${names}`, (request, reply) => {
      const picture = pictureAt([group, ...Object.values(request.params)].join('/'));
      if (picture === undefined) return reply.callNotFound();
      return reply
        .type('image/svg+xml; charset=utf-8')
        .headers({
          'cache-control': CACHED,
          'content-security-policy': POLICY,
          'cross-origin-resource-policy': 'cross-origin',
        })
        .send(picture);
    });
  }
}

/** What is drawn, and by which names. */
const groups = { categories: ':category', products: ':kind/:colour/:material/:view' };
