import type { Drawing } from './drawings/drawing.js';
import { categories, kinds, type Kind } from './drawings/all.js';
import { looks } from './looks.js';
import { paintsOf, type Grain } from './palette.js';
import { views, type ViewName } from './path.js';
import { sceneOf, tabletop } from './scenes.js';
import { area, box, moved, type Ground, type View } from './shapes.js';
import { svg } from './svg.js';
import { tonesOf, type Tones } from './tones.js';

/**
 * The picture that a path below `/pictures/1/` names, as SVG: `products/desk-lamp/brass/brushed-aluminium/front.svg`,
 * `categories/lighting.svg`. Undefined where there is none. The same path always gives the same picture.
 */
export function pictureAt(path: string): string | undefined {
  const parts = /^([a-z0-9/-]{1,200})\.svg$/.exec(path)?.[1]?.split('/') ?? [];
  const [group, name = '', colour = '', material = '', view = ''] = parts;
  if (group === 'categories' && parts.length === 2) return categoryPicture(name);
  if (group !== 'products' || parts.length !== 5) return undefined;
  const kind = kinds.get(name);
  const paints = paintsOf(colour, material);
  const shown = viewNames.get(view);
  if (kind === undefined || paints === undefined || shown === undefined) return undefined;
  const light = kind.category === 'lighting' && shown === 'in use' ? 'evening' : 'day';
  return productPicture(kind, shown, { tones: tonesOf(paints.tones, light), grain: paints.grain });
}

const viewNames: ReadonlyMap<string, ViewName> = new Map(views.map((view) => [view.replace(' ', '-'), view]));

interface Paints {
  readonly tones: Tones;
  readonly grain: Grain;
}

function productPicture({ category, drawing }: Kind, view: ViewName, { tones, grain }: Paints): string {
  const front = drawing.front(tones);
  switch (view) {
    case 'front':
      return svg(studio(front.ground, tones) + front.art, tones);
    case 'side': {
      const side = drawing.side(tones);
      return svg(studio(side.ground, tones) + side.art, tones);
    }
    case 'detail': {
      const [x, y] = drawing.focus;
      const near = moved(200 - x * NEAR, 150 - y * NEAR, NEAR, studio(front.ground, tones), front.art);
      const shaded = near + box(0, 0, 400, 300, 'url(#n)');
      return svg(shaded, tones, { material: grain, colour: ofCloth.has(category) ? grain : 'plain' });
    }
    case 'in use':
      return svg(inUse(category, front, drawing.place, tones), tones);
  }
}

const NEAR = 2.1;

/** Whose products have the colour of the very cloth or hide that they are made of. */
const ofCloth: ReadonlySet<string> = new Set(['home-textiles', 'outdoor', 'travel', 'stationery', 'cycling']);

/** A quiet place with one light, from the upper left. */
function studio(ground: Ground, { ground: { base } }: Tones): string {
  const wall = box(-400, -300, 1200, 900, base);
  const light = box(-400, -300, 1200, 900, 'url(#r)');
  return ground === 'floor' ? wall + box(-400, 222, 1200, 400, '#00000012') + light : wall + light;
}

function inUse(category: string, { ground, art }: View, place: Drawing['place'], tones: Tones): string {
  const wall = box(0, 0, 400, 300, tones.ground.base);
  const light = category === 'lighting' ? '' : box(0, 0, 400, 300, 'url(#r)');
  if (ground === 'table') return wall + tabletop(category, tones) + light + moved(60, 40, 0.7, art);
  const { wall: hung = '', back, ...scene } = sceneOf(category, tones);
  if (ground === 'wall') return wall + back + light + moved(scene.x - 200 * HUNG, 0, HUNG, art);
  const { x, y, scale } = place === 'floor' ? FLOOR : scene;
  return wall + hung + back + light + moved(x - 200 * scale, y - 244 * scale, scale, art);
}

/** In front of everything else. */
const FLOOR = { x: 264, y: 280, scale: 0.78 };

const HUNG = 0.62;

/** Three of its products, in colours that go together. */
function categoryPicture(slug: string): string | undefined {
  const drawings = Object.hasOwn(categories, slug) ? categories[slug] : undefined;
  const look = looks.get(slug);
  if (drawings === undefined || look === undefined) return undefined;
  const paints = paintsOf(look.colour, look.material);
  if (paints === undefined) return undefined;
  const tones = tonesOf(paints.tones, 'day');
  const shown = look.kinds.map(([kind, x, y, scale]) => {
    const view = drawings[kind]?.front(tones);
    return moved(x - 200 * scale, y - 244 * scale, scale, view?.art ?? '');
  });
  const arch = area('M92 300v-130a108 108 0 0 1 216 0v130z', tones.ground.lit);
  const back = box(0, 0, 400, 300, tones.ground.base) + arch + box(0, 232, 400, 68, tones.ground.shade);
  return svg(back + shown.join(''), tones);
}
