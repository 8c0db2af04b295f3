/** What the picture of a category shows. */
export interface Look {
  readonly colour: string;
  readonly material: string;
  /** Each with the place of its foot and its size. */
  readonly kinds: readonly (readonly [kind: string, x: number, y: number, scale: number])[];
}

/** By the category's slug. */
export const looks: ReadonlyMap<string, Look> = new Map<string, Look>([
  [
    'kitchen',
    {
      colour: 'petrol',
      material: 'stainless-steel',
      kinds: [
        ['stand-mixer', 134, 246, 0.72],
        ['kettle', 270, 246, 0.66],
        ['cast-iron-pot', 200, 274, 0.56],
      ],
    },
  ],
  [
    'furniture',
    {
      colour: 'forest-green',
      material: 'oiled-oak',
      kinds: [
        ['bookshelf', 118, 244, 0.86],
        ['dining-chair', 296, 250, 0.8],
        ['side-table', 206, 272, 0.62],
      ],
    },
  ],
  [
    'lighting',
    {
      colour: 'brass',
      material: 'ash-and-cotton',
      kinds: [
        ['floor-lamp', 300, 250, 0.98],
        ['table-lamp', 196, 266, 0.72],
        ['desk-lamp', 112, 250, 0.7],
      ],
    },
  ],
  [
    'audio',
    {
      colour: 'sand',
      material: 'walnut-veneer',
      kinds: [
        ['bookshelf-speakers', 200, 244, 0.86],
        ['record-player', 200, 276, 0.62],
      ],
    },
  ],
  [
    'outdoor',
    {
      colour: 'rust',
      material: 'recycled-nylon',
      kinds: [
        ['2-person-tent', 170, 250, 0.84],
        ['hiking-backpack', 306, 262, 0.62],
        ['insulated-bottle', 92, 274, 0.5],
      ],
    },
  ],
  [
    'cycling',
    {
      colour: 'racing-green',
      material: 'aluminium',
      kinds: [
        ['pannier-bag', 122, 248, 0.74],
        ['bicycle-helmet', 276, 252, 0.68],
        ['front-light', 204, 278, 0.42],
      ],
    },
  ],
  [
    'garden',
    {
      colour: 'terracotta',
      material: 'galvanised-steel',
      kinds: [
        ['plant-pot', 262, 250, 0.84],
        ['watering-can', 132, 266, 0.7],
      ],
    },
  ],
  [
    'home-textiles',
    {
      colour: 'dusty-rose',
      material: 'linen',
      kinds: [
        ['wool-blanket', 142, 250, 0.76],
        ['cushion-cover', 282, 258, 0.66],
        ['bath-towel', 190, 282, 0.42],
      ],
    },
  ],
  [
    'fitness',
    {
      colour: 'terracotta',
      material: 'cork',
      kinds: [
        ['yoga-mat', 178, 246, 0.76],
        ['kettlebell', 292, 258, 0.7],
        ['dumbbell-pair', 150, 280, 0.5],
      ],
    },
  ],
  [
    'travel',
    {
      colour: 'ink-blue',
      material: 'full-grain-leather',
      kinds: [
        ['cabin-suitcase', 128, 248, 0.9],
        ['city-backpack', 286, 252, 0.78],
        ['weekender-bag', 206, 278, 0.5],
      ],
    },
  ],
  [
    'toys-games',
    {
      colour: 'rainbow',
      material: 'beech',
      kinds: [
        ['building-blocks', 128, 250, 0.7],
        ['soft-toy', 284, 252, 0.74],
        ['wooden-train-set', 200, 284, 0.5],
      ],
    },
  ],
  [
    'stationery',
    {
      colour: 'navy',
      material: 'oak',
      kinds: [
        ['desk-organiser', 156, 250, 0.86],
        ['ink-bottle', 292, 264, 0.66],
      ],
    },
  ],
]);
