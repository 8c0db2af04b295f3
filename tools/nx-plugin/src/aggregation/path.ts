import type { Names } from '../names.js';
import { Refusal } from '../refusal.js';
import type { Plan } from './plan.js';

/**
 * Where an aggregation can be asked, below the gateway's prefix: `home`, `reviews/:productId` where it asks for one text, or
 * what `--path` says.
 *
 * @throws Refusal for a path that is none, or with a parameter that the aggregation does not ask for
 */
export function pathOf({ fields }: Plan, { file }: Names, asked?: string): string {
  const texts = fields.filter(({ isText }) => isText).map(({ name }) => name);
  if (asked === undefined) return texts.length === 1 ? `${file}/:${texts[0]}` : file;
  const segments = asked.replace(/^\/+|\/+$/g, '').split('/');
  const wrong = segments.find((each) => !/^(?:[a-z0-9][a-z0-9-]*|:[a-zA-Z]\w*)$/.test(each));
  if (wrong !== undefined)
    throw new Refusal(`--path is like products/:productId, and "${wrong}" cannot be a part of it`);
  for (const name of segments.filter((each) => each.startsWith(':')).map((each) => each.slice(1))) {
    if (!texts.includes(name))
      throw new Refusal(
        `--path has ":${name}", which these parts do not ask for; ${texts.length === 0 ? 'they ask for none' : `they ask for ${texts.join(', ')}`}`,
      );
  }
  return segments.join('/');
}
