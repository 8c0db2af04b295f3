import { pathOfCategory } from '@facet/shop-pictures';
import { imageAt, type Image } from './images.js';
import { once } from './random.js';
import { categoryTexts } from './texts/all.js';
import { idOf } from './world.js';

export interface SampleCategory {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly image: Image;
}

/** The twelve categories, in the order in which a shop shows them. */
export const categories = once((): readonly SampleCategory[] =>
  categoryTexts.map(({ slug, name, description }, index) => ({
    id: idOf('cat', index + 1, 2),
    slug,
    name,
    description,
    image: imageAt(pathOfCategory(slug), name),
  })),
);
