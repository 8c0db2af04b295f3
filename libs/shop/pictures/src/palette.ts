import { between, toneOf, type TonesIn } from './tones.js';

/** How a surface looks from near. */
export type Grain = 'wood' | 'cloth' | 'metal' | 'hide' | 'plain';

interface Material {
  readonly grain: Grain;
  readonly hex: string;
  /** The second material of a thing that has two. */
  readonly accent: string;
}

const STEEL = '#aab0b6';
const OAK = '#c9a06c';

type Hexes = string | readonly [main: string, accent: string];

const of = (grain: Grain, table: Readonly<Record<string, Hexes>>): [string, Material][] =>
  Object.entries(table).map(([name, hexes]) => {
    const [hex, accent] = typeof hexes === 'string' ? [hexes, STEEL] : hexes;
    return [name, { grain, hex, accent }];
  });

/** By the name that a material has in a path. */
const materials: ReadonlyMap<string, Material> = new Map([
  ...of('wood', {
    ...{
      'oiled-oak': '#c3975d',
      oak: OAK,
      'end-grain-oak': '#bd8f58',
      'turned-oak': OAK,
      'solid-ash': '#d9c09a',
    },
    ...{
      walnut: '#87603f',
      'walnut-veneer': '#8b6443',
      beech: '#d8b083',
      'white-pigmented-beech': '#e3d2b9',
    },
    ...{ maple: '#e0c39a', 'lime-wood': '#e4cfa8', teak: '#a9763f', acacia: '#a66f3f', larch: '#c8935a' },
    ...{
      cedar: '#b0704a',
      'douglas-fir': '#cf9a63',
      bamboo: '#d9bf82',
      'bent-bamboo': '#d2b676',
      plywood: '#d8b988',
    },
    ...{
      'bent-birch': '#e0c8a0',
      'birch-plywood': '#dfc49a',
      'bent-plywood': '#d6b684',
      'natural-cork': '#c99b6a',
      cork: '#c7986a',
    },
    ...{
      'maple-and-walnut': ['#e0c39a', '#7a5538'],
      'boxwood-and-rosewood': ['#dfbf86', '#7b3f35'],
      'beech-and-cork': ['#d8b083', '#b98a5c'],
    },
    ...{
      'beech-and-steel': ['#d8b083', STEEL],
      'ash-and-cotton': ['#d9c09a', '#efe6d6'],
      'wood-and-brass': ['#a8764a', '#c8a45c'],
    },
  }),
  ...of('metal', {
    ...{
      'brushed-aluminium': '#b9bdc1',
      'anodised-aluminium': '#a3a9b1',
      'powder-coated-steel': '#64686f',
      aluminium: '#b6bbc0',
    },
    ...{
      'powder-coated-aluminium': '#6f747b',
      'spun-aluminium': '#c2c5c8',
      'die-cast-aluminium': '#b4b8bd',
      titanium: '#a09d99',
    },
    ...{
      'stainless-steel': '#b8bdc2',
      'carbon-steel': '#6a6b70',
      'three-layer-stainless-steel': '#bfc3c7',
      'hardened-steel': '#8d939a',
    },
    ...{
      'molybdenum-steel': '#bcc1c6',
      'layered-carbon-steel': '#8f949a',
      'chrome-vanadium-steel': '#adb2b8',
      'galvanised-steel': '#a4acae',
    },
    ...{
      'corten-steel': '#a55e3b',
      brass: '#c8a45c',
      copper: '#bd7350',
      'enamelled-cast-iron': '#4c4d52',
      'aluminised-steel': '#aaaeb2',
    },
    ...{ 'powder-coated-cast-iron': '#55565c', 'enamelled-steel': '#d9d6cd', 'chromed-steel': '#c3c8cd' },
    ...{
      'brass-and-lacquer': ['#c8a45c', '#3b3338'],
      'copper-and-glass': ['#bd7350', '#cfd8d6'],
      'aluminium-and-elastic': ['#b6bbc0', '#4a4b52'],
    },
    ...{
      'steel-and-linen': ['#8d939a', '#e8dcc6'],
      'marble-and-steel': ['#9a9ea3', '#e6e2dc'],
      'steel-and-beech': [STEEL, '#d8b083'],
    },
    ...{
      'steel-and-rubber': [STEEL, '#4a4b50'],
      'steel-and-foam': [STEEL, '#55565c'],
      'steel-cable-and-beech': ['#9aa0a6', '#d8b083'],
    },
    ...{ 'steel-burrs-and-aluminium': ['#b6bbc0', STEEL], 'ceramic-burrs-and-beech': ['#d8b083', '#ece6da'] },
    ...{
      'forged-steel-and-ash': ['#7b8087', '#d9c09a'],
      'stainless-steel-and-cherry': ['#b8bdc2', '#a5603f'],
    },
  }),
  ...of('cloth', {
    ...{
      linen: '#d9cbb2',
      'half-linen': '#ddd0ba',
      'washed-linen': '#d5c8b2',
      'stonewashed-linen': '#cfc3ae',
      cotton: '#e6ddcd',
    },
    ...{
      'percale-cotton': '#e9e2d5',
      'organic-flannel': '#d3c3b0',
      'organic-cotton': '#ead9bd',
      'velvet-cotton': '#b99c86',
    },
    ...{
      'cotton-voile': '#eee7dc',
      lambswool: '#dccdb8',
      merino: '#cfc0ac',
      'recycled-wool': '#b3a595',
      'new-zealand-wool': '#dfd2bd',
    },
    ...{
      'felted-wool': '#b9ab9a',
      'wool-boucle': '#e0d5c4',
      felt: '#a7a09a',
      'alpaca-plush': '#c79a6b',
      'traceable-down': '#d9d3c8',
    },
    ...{
      'recycled-fibre': '#b8bdb6',
      'recycled-nylon': '#73777c',
      'ripstop-nylon': '#80858a',
      'recycled-mesh': '#8a8f94',
    },
    ...{
      'silicone-coated-ripstop-nylon': '#8a9088',
      'recycled-polyester': '#c9c3b8',
      'waxed-cotton': '#8a7a5e',
      'waxed-canvas': '#94835f',
    },
    ...{
      'woven-elastic': '#6f6a72',
      'cotton-and-linen': ['#e3d9c8', '#cfc0a5'],
      'wool-and-jute': ['#d8c9b0', '#b3925f'],
    },
    ...{ 'woven-polyester-and-rubber': ['#6d7075', '#3f4045'], 'cloth-and-paper': ['#b79f86', '#f2ead9'] },
  }),
  ...of('hide', {
    ...{
      leather: '#9a6340',
      'full-grain-leather': '#91593a',
      'vegetable-tanned-leather': '#b47a4a',
      'recycled-leather': '#7e6456',
    },
    ...{
      'vegetable-tanned-leather-and-steel': ['#a3683f', STEEL],
      'leather-and-ash': ['#8a5a3c', '#d9c09a'],
    },
    ...{
      'protein-leather-and-steel': ['#4a4644', STEEL],
      'recycled-leather-and-paper': ['#7e6456', '#f2ead9'],
    },
  }),
  ...of('plain', {
    ...{
      polycarbonate: '#c3c7c9',
      'matt-polycarbonate': '#8f9396',
      'recycled-plastic': '#83908a',
      'turned-resin': '#6f5f62',
    },
    ...{
      'soft-silicone': '#cfc8c2',
      'memory-foam': '#d8d2c8',
      microbeads: '#cfcfd2',
      'closed-cell-foam': '#7b7f85',
      'recycled-foam': '#8c9290',
    },
    ...{
      'natural-rubber': '#6b6560',
      'natural-latex': '#d9c79c',
      'five-layer-rubber': '#55594f',
      'food-safe-pvc': '#9cb0a0',
    },
    ...{
      'welded-tarpaulin': '#5f656b',
      'carbon-fibre': '#4b4d52',
      'glazed-ceramic': '#d7cec0',
      'ribbed-glass': '#cfd9d6',
    },
    ...{
      'mouth-blown-glass': '#c3d1ce',
      'opal-glass': '#efe9df',
      'borosilicate-glass': '#cbd8d8',
      glass: '#c7d3d4',
      plaster: '#e6dfd4',
    },
    ...{
      'fired-terracotta': '#bf7550',
      stoneware: '#b5aa9a',
      'fibre-cement': '#a9a8a4',
      'recycled-board': '#b99b76',
      'cotton-paper': '#f1e9da',
    },
    ...{
      'laid-paper': '#ede2cd',
      'linen-finish-card': '#efe7d8',
      'cardboard-and-wood': ['#b99b76', OAK],
      'cardboard-and-paper': ['#b99b76', '#f2ead9'],
    },
    ...{
      'memory-foam-and-aluminium': ['#4b4a4f', '#b6bbc0'],
      'silicone-and-ceramic': ['#d5cec6', '#ece6da'],
      'cork-and-rubber': ['#c7986a', '#55504b'],
    },
    ...{ 'silicone-and-aluminium': ['#6f7378', '#b6bbc0'], 'polycarbonate-and-foam': ['#c3c7c9', '#4b4a4f'] },
    ...{ 'rubber-cable-and-glass-bulbs': ['#4b4a4f', '#ead9ad'] },
  }),
]);

/** By the name that a colour has in a path. */
const colours: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ black: '#46464d', chalk: '#e6e0d4', graphite: '#61656c', 'moss-green': '#76805a', sand: '#d3bd97' },
    ...{
      brass: '#c8a45c',
      'matt-black': '#45454b',
      'opal-white': '#ece6da',
      sage: '#9aab91',
      copper: '#bf7552',
    },
    ...{
      cream: '#ebdfc5',
      petrol: '#2f6b75',
      'brick-red': '#b1503e',
      'black-stained': '#4b4744',
      smoked: '#6e5443',
    },
    ...{
      white: '#eae5dc',
      'forest-green': '#48654f',
      pine: '#4a6a57',
      rust: '#b4623b',
      slate: '#667481',
      ochre: '#cb9a44',
    },
    ...{
      'night-blue': '#34456a',
      silver: '#b9bec4',
      'racing-green': '#2f5a45',
      'signal-yellow': '#e4b62f',
      burgundy: '#7e3243',
    },
    ...{
      terracotta: '#c2744f',
      anthracite: '#54585d',
      'leaf-green': '#7a9a53',
      'grey-zinc': '#98a1a3',
      undyed: '#e2d6c0',
    },
    ...{
      'dusty-rose': '#cf9b95',
      'sea-blue': '#5c8ba3',
      mustard: '#cf9f3f',
      charcoal: '#55565d',
      stone: '#a89f93',
    },
    ...{
      violet: '#7d6a9c',
      olive: '#77764d',
      tan: '#bd8e5e',
      'ink-blue': '#38507a',
      'stone-grey': '#99958d',
    },
    ...{ oxblood: '#7a3038', navy: '#33426a', forest: '#3f5f4b', ivory: '#ece3ce' },
  }),
);

type Hues = TonesIn['hues'];

/** Colours that are several. The first two stand for them. */
const sets: ReadonlyMap<string, Hues> = new Map<string, Hues>([
  ['rainbow', ['#d0604c', '#e3b04b', '#6f9f68', '#5480ab']],
  ['pastel', ['#e0a79c', '#ead19a', '#a9c6a6', '#a3b8d3']],
  ['primary-colours', ['#c94a3d', '#e6b93a', '#3f7f5b', '#3a66a0']],
  ['sea-tones', ['#3f7f8c', '#d9c28f', '#7fb0a6', '#34547a']],
]);

/** What a product in this colour and of this material is painted with; undefined where nothing has that name. */
export function paintsOf(colour: string, material: string): { tones: TonesIn; grain: Grain } | undefined {
  const made = materials.get(material);
  const hues = sets.get(colour);
  const hex =
    hues?.[0] ?? (colour === 'natural' && made !== undefined ? naturalOf(made) : colours.get(colour));
  if (made === undefined || hex === undefined) return undefined;
  const tones = {
    colour: toneOf('c', hex),
    material: toneOf('m', made.hex),
    accent: toneOf('a', made.accent),
    hues: hues ?? shadesOf(made.hex),
  };
  return { tones, grain: made.grain };
}

/** What is left as it is has the colour of its material; metal has parts of oak. */
const naturalOf = ({ grain, hex }: Material): string => (grain === 'metal' ? OAK : hex);

const shadesOf = (hex: string): Hues => [
  between(hex, '#6b4a30', 0.45),
  between(hex, '#ffffff', 0.4),
  between(hex, '#b07a45', 0.55),
  between(hex, '#3f3128', 0.55),
];
