import type { z } from 'zod';
import type { image } from '@facet/shop-catalog';

export type Image = z.infer<typeof image>;

const widths = { thumb: 96, small: 240, medium: 480, large: 960, original: 2_000 } as const;

/** One picture to be shown in five sizes, four to three. A drawing is the same file in each. */
export function imageAt(url: string, alt: string): Image {
  return {
    alt,
    sizes: Object.entries(widths).map(([name, width]) => ({
      name: name as keyof typeof widths,
      width,
      height: (width * 3) / 4,
      url,
    })),
  };
}
