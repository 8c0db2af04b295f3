/** A paint and what light makes of it. All are hexadecimal colours, but for `body`. */
export interface Tone {
  readonly lit: string;
  readonly base: string;
  readonly shade: string;
  readonly deep: string;
  /** The paint of something round: lit from the upper left. Areas alone can have it, as a line has no width to shade. */
  readonly body: string;
}

/** What a picture is painted with. */
export interface Tones {
  readonly colour: Tone;
  readonly material: Tone;
  /** The second material of the product; steel where it has one only. */
  readonly accent: Tone;
  /** What stands and hangs around, and the ground itself: quiet, from the product's own colour. */
  readonly ground: Tone;
  readonly steel: Tone;
  readonly oak: Tone;
  readonly brass: Tone;
  readonly leaf: Tone;
  readonly dark: Tone;
  readonly paper: Tone;
  /** Four that go together, of what is made in several. */
  readonly hues: readonly [string, string, string, string];
}

/** Lightness from 0 to 1, chroma, and hue in radians: OKLCH, where equal steps look equal. */
type Lch = readonly [lightness: number, chroma: number, hue: number];

export type TonesIn = Pick<Tones, 'colour' | 'material' | 'accent' | 'hues'>;

export function toneOf(id: string, hex: string): Tone {
  const [l, c, h] = lchOf(hex);
  return {
    lit: hexOf([l + (0.98 - l) * 0.36, c * 0.85, h]),
    base: hex,
    shade: hexOf([l * 0.86, c * 0.96, h]),
    deep: hexOf([l * 0.64, c * 0.85, h]),
    body: `url(#${id})`,
  };
}

/** The tones that every picture has, and a ground that the product stands out from. */
export function tonesOf(given: TonesIn, light: 'day' | 'evening'): Tones {
  return {
    ...given,
    ground: toneOf('g', groundOf(given.colour.base, light)),
    steel: toneOf('s', '#aeb4ba'),
    oak: toneOf('o', '#c9a06c'),
    brass: toneOf('b', '#c6a15a'),
    leaf: toneOf('l', '#7d9470'),
    dark: toneOf('k', '#45444c'),
    paper: toneOf('p', '#f4eee2'),
  };
}

/** Pale, and darker for what is pale itself; grey things stand on a warm ground. */
function groundOf(hex: string, light: 'day' | 'evening'): string {
  const [l, c, h] = lchOf(hex);
  const isGrey = c < 0.02;
  const hue = isGrey ? WARM : Math.abs(h) < REDDISH ? REDDISH : h;
  if (light === 'evening') return hexOf([0.4, isGrey ? 0.02 : Math.min(c * 0.4, 0.04), hue]);
  const chroma = isGrey ? 0.013 : Math.min(c * 0.3, 0.03);
  return l > 0.8 ? hexOf([0.79, Math.max(chroma, 0.022), hue]) : hexOf([0.895, chroma, hue]);
}

const WARM = 1.3;
/** Red itself makes a ground that is pink. */
const REDDISH = 0.85;

/** The colour between two, `share` of the way from the first. */
export function between(from: string, to: string, share: number): string {
  const mixed = channelsOf(from).map((each, at) => each + ((channelsOf(to)[at] ?? 0) - each) * share);
  return hex(mixed);
}

const channelsOf = (text: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));

const hex = (channels: readonly number[]): string =>
  `#${channels
    .map((each) =>
      Math.min(255, Math.max(0, Math.round(each)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** Björn Ottosson's matrices: https://bottosson.github.io/posts/oklab/ */
function lchOf(text: string): Lch {
  const [r = 0, g = 0, b = 0] = channelsOf(text).map((each) => linear(each / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const z = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(a, z), Math.atan2(z, a)];
}

function hexOf([lightness, chroma, hue]: Lch): string {
  const a = chroma * Math.cos(hue);
  const z = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * z) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * z) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * z) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return hex(channels.map((each) => gamma(each) * 255));
}

const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

const gamma = (v: number): number =>
  v <= 0.0031308 ? Math.max(0, v) * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;
