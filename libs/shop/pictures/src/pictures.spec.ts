import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { categories, kinds } from './drawings/all.js';
import { pathOfCategory, pathOfProduct, pictureAt, PICTURES, views } from './index.js';

const below = (path: string): string => path.slice(PICTURES.length + 1);

/** Each kind in each view, in a colour and in several of them. */
const paths = [
  ...[...kinds.keys()].flatMap((kind) =>
    views.flatMap((view) =>
      [
        { colour: 'petrol', material: 'oiled oak' },
        { colour: 'primary colours', material: 'wool bouclé' },
        { colour: 'natural', material: 'steel and rubber' },
      ].map((paints) => below(pathOfProduct({ kind, view, ...paints }))),
    ),
  ),
  ...Object.keys(categories).map((slug) => below(pathOfCategory(slug))),
];

const drawn = paths.map((path) => pictureAt(path) ?? path);

describe('a picture', () => {
  test('is named by what it shows', () => {
    expect(
      pathOfProduct({ kind: "Chef's Knife", colour: 'brick red', material: 'wool bouclé', view: 'in use' }),
    ).toBe('/pictures/1/products/chef-s-knife/brick-red/wool-boucle/in-use.svg');
    expect(pathOfCategory('kitchen')).toBe('/pictures/1/categories/kitchen.svg');
  });

  test('is the same each time, and another one for another path', () => {
    expect(paths.map((path) => pictureAt(path))).toEqual(drawn);
    expect(new Set(drawn).size).toBe(paths.length);
  });

  test('never changes once it is published: what looks different gets a new number in PICTURES, and a migration', () => {
    const hash = createHash('sha256');
    for (const picture of drawn) hash.update(picture);
    expect(hash.digest('hex').slice(0, 16)).toBe('60590b0388e2b418');
  });

  test('is well-formed, defines what it refers to, and refers to nothing else', () => {
    for (const picture of drawn) {
      expect(unclosedIn(picture)).toEqual([]);
      const ids = [...picture.matchAll(/ id="(\w+)"/g)].map(([, id]) => id);
      const used = [...picture.matchAll(/url\(#(\w+)\)/g)].map(([, id]) => id);
      expect([...new Set(used)].sort()).toEqual(ids.sort());
      expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
        /NaN|undefined|href|script|style|https?:/,
      );
    }
  });

  test('is at most 5 KB, and less than half of that on average', () => {
    const sizes = drawn.map((picture) => Buffer.byteLength(picture));
    expect(Math.max(...sizes)).toBeLessThan(5_120);
    expect(sizes.reduce((sum, size) => sum + size) / sizes.length).toBeLessThan(2_560);
  });
});

/** The names of elements that are left open, or closed where they are not. */
function unclosedIn(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name = '', empty] of svg.matchAll(/<(\/?)(\w+)(?: [\w-]+="[^"<>]*")*(\/?)>/g)) {
    if (slash === '/' && open.pop() !== name) return [name];
    if (slash === '' && empty === '') open.push(name);
  }
  return open;
}

describe('what is no picture', () => {
  test.each([
    ['', 'nothing at all'],
    ['products/desk-lamp/brass/oak/front', 'without its ending'],
    ['products/desk-lamp/brass/oak/front.svg/', 'with more behind it'],
    ['products/desk-lamp/brass/oak/back.svg', 'an unknown view'],
    ['products/desk-lamp/brass/kryptonite/front.svg', 'an unknown material'],
    ['products/desk-lamp/octarine/oak/front.svg', 'an unknown colour'],
    ['products/time-machine/brass/oak/front.svg', 'an unknown kind'],
    ['products/constructor/brass/oak/front.svg', 'a name that every object has'],
    ['categories/constructor.svg', 'a name that every object has'],
    ['categories/../../package.svg', 'a way out'],
    ['categories/Lighting.svg', 'another case'],
  ])('is not there: %p, %s', (path) => {
    expect(pictureAt(path)).toBeUndefined();
  });
});
