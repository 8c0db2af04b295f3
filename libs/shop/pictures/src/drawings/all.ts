import { audio } from './audio.js';
import { cycling } from './cycling.js';
import type { Drawing, Drawings } from './drawing.js';
import { fitness } from './fitness.js';
import { furniture } from './furniture.js';
import { games } from './games.js';
import { garden } from './garden.js';
import { kitchen } from './kitchen.js';
import { lighting } from './lighting.js';
import { outdoor } from './outdoor.js';
import { stationery } from './stationery.js';
import { textiles } from './textiles.js';
import { travel } from './travel.js';

export const categories: Readonly<Record<string, Drawings>> = {
  ...{ kitchen, furniture, lighting, audio, outdoor, cycling },
  ...{ garden, fitness, travel, stationery, 'home-textiles': textiles, 'toys-games': games },
};

export interface Kind {
  readonly category: string;
  readonly drawing: Drawing;
}

/** Every kind of product that can be drawn. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries(categories).flatMap(([category, drawings]) =>
    Object.entries(drawings).map(([kind, drawing]) => [kind, { category, drawing }] as const),
  ),
);
