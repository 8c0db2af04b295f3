import { audio, kitchen, lighting } from './audio-lighting-kitchen.js';
import { furniture, stationery, textiles } from './furniture-textiles-stationery.js';
import { fitness, games, travel } from './games-fitness-travel.js';
import { cycling, garden, outdoor } from './outdoor-cycling-garden.js';
import type { CategoryText } from './text.js';

export const categoryTexts: readonly CategoryText[] = [
  kitchen,
  furniture,
  lighting,
  audio,
  outdoor,
  cycling,
  garden,
  textiles,
  fitness,
  travel,
  games,
  stationery,
];
