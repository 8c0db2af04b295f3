import type { Grain } from './palette.js';
import type { Tone, Tones } from './tones.js';

/** What is shown of a surface from near. */
export interface Grains {
  readonly material: Grain;
  readonly colour: Grain;
}

type Gradient = readonly [id: string, svg: string];

/** Only what is used is defined. */
export function svg(content: string, tones: Tones, grain?: Grains): string {
  const defined = [...shared, ...bodiesOf(tones, grain)];
  const used = defined.filter(([id]) => content.includes(`url(#${id})`)).map(([, each]) => each);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300"><defs>${used.join('')}</defs>${short(content)}</svg>`;
}

const shared: readonly Gradient[] = [
  [
    'r',
    '<radialGradient id="r" cx=".5" cy=".42" r=".34" fx=".46" fy=".36"><stop stop-color="#fff" stop-opacity=".5"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>',
  ],
  [
    'f',
    '<radialGradient id="f"><stop stop-color="#241d1a" stop-opacity=".42"/><stop offset=".6" stop-color="#241d1a" stop-opacity=".2"/><stop offset="1" stop-color="#241d1a" stop-opacity="0"/></radialGradient>',
  ],
  [
    'h',
    '<radialGradient id="h"><stop stop-color="#ffedbd" stop-opacity=".85"/><stop offset="1" stop-color="#ffe3a0" stop-opacity="0"/></radialGradient>',
  ],
  [
    'n',
    '<linearGradient id="n" x2="1" y2=".8"><stop stop-color="#fff" stop-opacity=".16"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#1a1512" stop-opacity=".18"/></linearGradient>',
  ],
  [
    'd',
    '<filter id="d" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="6" dy="9" stdDeviation="6" flood-color="#241d1a" flood-opacity=".26"/></filter>',
  ],
];

function bodiesOf(tones: Tones, grain: Grains | undefined): readonly Gradient[] {
  const { colour, material, accent, steel, oak, brass, leaf, dark, paper } = tones;
  const rounded = { a: accent, s: steel, o: oak, b: brass, l: leaf, k: dark, p: paper };
  return [
    ['c', surface('c', colour, isSoft(grain?.colour) ? grain?.colour : undefined)],
    ['m', surface('m', material, grain?.material)],
    ...Object.entries(rounded).map(([id, tone]): Gradient => [id, surface(id, tone, undefined)]),
  ];
}

const isSoft = (grain: Grain | undefined): boolean => grain === 'cloth' || grain === 'hide';

/** The paint of a body; from near, with the grain of its material. */
function surface(id: string, { lit, base, shade }: Tone, grain: Grain | undefined): string {
  const near = grain === undefined ? '' : grains[grain](lit, shade);
  if (near === '')
    return `<linearGradient id="${id}" x2="1" y2=".3"><stop stop-color="${lit}"/><stop offset=".42" stop-color="${base}"/><stop offset="1" stop-color="${shade}"/></linearGradient>`;
  return `<pattern id="${id}" width="48" height="24" patternUnits="userSpaceOnUse"><path fill="${base}" d="M0 0h48v24H0z"/>${near}</pattern>`;
}

const strokes = (path: string, colour: string, width: number, opacity: number): string =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"/>`;

/** A piece of 48 by 24 that repeats. */
const grains: Readonly<Record<Grain, (lit: string, shade: string) => string>> = {
  wood: (lit, shade) =>
    strokes('M0 4q12-3 24 0t24 0M0 15q12 3 24 0t24 0', shade, 1.2, 0.55) +
    strokes('M0 10q12-2 24 0t24 0M0 21q12 2 24 0t24 0', lit, 1, 0.6),
  cloth: (lit, shade) =>
    strokes('M0 2h48M0 8h48M0 14h48M0 20h48', lit, 1.4, 0.4) +
    strokes('M3 0v24M9 0v24M15 0v24M21 0v24M27 0v24M33 0v24M39 0v24M45 0v24', shade, 1.4, 0.35),
  metal: (lit, shade) =>
    strokes('M0 3h48M0 13h48', lit, 1, 0.7) + strokes('M0 8h48M0 18h48M0 22h48', shade, 0.8, 0.4),
  hide: (lit, shade) =>
    strokes('M4 5l6 3M20 3l5 4M36 6l6-2M10 16l6 2M28 14l4 5M42 18l5 2', shade, 1.1, 0.5) +
    strokes('M14 10l4 2M32 9l5 2M4 20l4 2', lit, 1.1, 0.5),
  plain: () => '',
};

/** Numbers to a hundredth, which is less than anybody sees. */
const short = (content: string): string =>
  content.replace(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
