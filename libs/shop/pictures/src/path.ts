/** Where pictures are served. A picture that has been published never changes: what looks different has a new number. */
export const PICTURES = '/pictures/1';

export const views = ['front', 'side', 'detail', 'in use'] as const;
export type ViewName = (typeof views)[number];

/** What a picture of a product shows. */
export interface ProductLook {
  /** As in a title: `Over-Ear Headphones`. */
  readonly kind: string;
  readonly colour: string;
  readonly material: string;
  readonly view: ViewName;
}

/** `/pictures/1/products/desk-lamp/brass/brushed-aluminium/front.svg` */
export function pathOfProduct({ kind, colour, material, view }: ProductLook): string {
  return `${PICTURES}/products/${[kind, colour, material, view].map(slugOf).join('/')}.svg`;
}

/** `/pictures/1/categories/lighting.svg` */
export function pathOfCategory(slug: string): string {
  return `${PICTURES}/categories/${slug}.svg`;
}

/** The name as a part of a path: `Chef's Knife` is `chef-s-knife`. */
function slugOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
