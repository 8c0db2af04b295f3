import { area, box, disc, each, faint, line, mirrored, oval, ring, turned } from './shapes.js';
import type { Tones } from './tones.js';

/** A place in which something stands, and where in it: its foot's place, and how large it is there. */
export interface Scene {
  /** What is on the wall; where the product hangs there, it hangs alone. */
  readonly wall?: string;
  readonly back: string;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

type DrawScene = (tones: Tones) => Scene;

const window = (x: number, y: number, width: number, height: number, { ground: g }: Tones): string =>
  [
    box(x, y, width, height, g.lit, 3),
    line(`M${x + width / 2} ${y}v${height}M${x} ${y + height * 0.45}h${width}`, g.shade, 4),
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="none" stroke="${g.shade}" stroke-width="5"/>`,
  ].join('');

const pot = (x: number, y: number, { ground: g, leaf }: Tones): string =>
  [
    line(`M${x} ${y - 30}q-4-40-20-56M${x} ${y - 30}q2-44 4-72M${x} ${y - 30}q6-36 24-50`, leaf.shade, 3),
    turned(-28, x - 24, y - 92, oval(x - 24, y - 92, 9, 20, leaf.base)),
    turned(28, x + 28, y - 86, oval(x + 28, y - 86, 9, 20, leaf.shade)),
    oval(x + 4, y - 108, 9, 22, leaf.lit),
    area(`M${x - 20} ${y - 34}h40l-6 34h-28z`, g.deep),
  ].join('');

const floor = (y: number, { ground: g }: Tones): string => box(0, y, 400, 300 - y, g.shade);

const scenes: Readonly<Record<string, DrawScene>> = {
  kitchen: (t) => ({
    back: [
      line(
        `${each(4, (row) => `M0 ${18 + row * 44}h400`)}${each(36, (at) => `M${(at % 9) * 48 - (Math.floor(at / 9) % 2) * 24} ${18 + Math.floor(at / 9) * 44}v44`)}`,
        t.ground.lit,
        3,
      ),
      box(232, 70, 150, 7, t.ground.deep, 2),
      [
        disc(262, 54, 15, t.ground.shade),
        box(292, 38, 20, 32, t.ground.lit, 4),
        box(318, 46, 26, 24, t.ground.shade, 5),
      ],
      [
        box(0, 212, 400, 14, t.ground.deep),
        box(0, 226, 400, 74, t.ground.shade),
        line('M132 226v74M268 226v74', t.ground.deep, 2),
      ],
    ]
      .flat()
      .join(''),
    ...{ x: 150, y: 213, scale: 0.72 },
  }),
  furniture: (t) => ({
    wall:
      window(42, 30, 96, 118, t) + box(262, 48, 74, 92, t.ground.lit, 2) + disc(299, 94, 22, t.ground.shade),
    back: [floor(226, t), oval(200, 262, 178, 26, t.ground.lit), pot(352, 250, t)].join(''),
    ...{ x: 190, y: 264, scale: 0.84 },
  }),
  lighting: (t) => ({
    wall:
      box(40, 32, 84, 108, t.ground.shade, 3) +
      disc(104, 58, 9, '#f1e6c4') +
      line('M82 32v108M40 82h84', t.ground.deep, 4),
    back: [
      [
        floor(252, t),
        box(70, 206, 270, 12, t.ground.deep, 2),
        box(84, 218, 10, 40, t.ground.deep),
        box(316, 218, 10, 40, t.ground.deep),
      ],
      [
        box(268, 190, 46, 8, t.ground.lit, 2),
        box(274, 182, 36, 8, t.ground.shade, 2),
        box(270, 198, 44, 8, t.ground.shade, 2),
      ],
    ]
      .flat()
      .join(''),
    ...{ x: 190, y: 207, scale: 0.74 },
  }),
  audio: (t) => ({
    back: [
      [
        box(232, 30, 92, 92, t.ground.lit, 3),
        ring(278, 76, 30, t.ground.shade, 12),
        disc(278, 76, 8, t.ground.shade),
      ],
      [
        floor(262, t),
        box(36, 208, 328, 44, t.ground.deep, 4),
        line('M145 214v32M255 214v32', t.ground.shade, 2),
        box(56, 252, 9, 24, t.ground.deep),
        box(334, 252, 9, 24, t.ground.deep),
      ],
      pot(332, 208, t),
    ]
      .flat()
      .join(''),
    ...{ x: 160, y: 209, scale: 0.72 },
  }),
  outdoor: (t) => ({
    back: [
      disc(304, 74, 30, t.ground.lit),
      area('M0 190l84-92 62 64 70-104 96 118 44-40 44 52v112h-400z', t.ground.shade),
      area('M0 226q90-40 180-22t220-14v110h-400z', t.ground.deep),
      each(5, (at) =>
        area(
          `M${28 + at * 20 + (at > 2 ? 220 : 0)} ${216 - (at % 2) * 6}l-11 26h22zM${28 + at * 20 + (at > 2 ? 220 : 0)} ${196 - (at % 2) * 6}l-8 24h16z`,
          t.leaf.shade,
        ),
      ),
      area('M0 262q200-26 400 0v38h-400z', t.leaf.base),
    ].join(''),
    ...{ x: 200, y: 272, scale: 0.74 },
  }),
  cycling: (t) => ({
    back: [
      [
        box(24, 34, 70, 92, t.ground.lit, 3),
        box(306, 34, 70, 92, t.ground.lit, 3),
        line('M59 34v92M341 34v92', t.ground.shade, 3),
      ],
      floor(228, t),
      faint(
        0.75,
        ring(122, 190, 48, t.ground.deep, 5),
        ring(292, 190, 48, t.ground.deep, 5),
        line(
          'M122 190l48-76h86l36 76M170 114l38 76 48-76M122 190h86M162 100h26M256 114l-6-22h24',
          t.ground.deep,
          6,
        ),
      ),
    ]
      .flat()
      .join(''),
    ...{ x: 204, y: 266, scale: 0.62 },
  }),
  garden: (t) => ({
    back: [
      disc(84, 64, 26, t.ground.lit),
      each(9, (at) =>
        area(`M${6 + at * 46} 232v-94l17-18 17 18v94z`, at % 2 === 0 ? t.ground.lit : t.ground.shade),
      ),
      line('M0 164h400M0 206h400', t.ground.deep, 6),
      each(7, (at) =>
        oval(20 + at * 62, 236, 40, 22 + (at % 3) * 8, at % 2 === 0 ? t.leaf.base : t.leaf.shade),
      ),
      area('M0 238q200-14 400 0v62h-400z', t.leaf.lit),
    ].join(''),
    ...{ x: 200, y: 268, scale: 0.74 },
  }),
  'home-textiles': (t) => ({
    wall: window(270, 26, 96, 112, t),
    back: [
      floor(248, t),
      [
        box(30, 150, 300, 74, t.ground.deep, 22),
        box(20, 176, 50, 74, t.ground.shade, 18),
        box(290, 176, 50, 74, t.ground.shade, 18),
        box(54, 204, 252, 44, t.ground.lit, 12),
      ],
      [box(40, 246, 12, 22, t.ground.deep), box(308, 246, 12, 22, t.ground.deep)],
    ]
      .flat()
      .join(''),
    ...{ x: 180, y: 210, scale: 0.6 },
  }),
  fitness: (t) => ({
    wall: [
      [box(28, 30, 150, 150, t.ground.lit, 3), area('M28 150l120-120h30l-150 150z', '#ffffff59')],
      line(
        each(6, (at) => `M246 ${52 + at * 26}h116`),
        t.ground.deep,
        6,
      ),
      line('M246 36v170M362 36v170', t.ground.shade, 9),
    ]
      .flat()
      .join(''),
    back: [
      [
        floor(212, t),
        line(
          each(4, (at) => `M${-40 + at * 150} 300l60-88`),
          t.ground.deep,
          1.5,
        ),
      ],
    ]
      .flat()
      .join(''),
    ...{ x: 196, y: 266, scale: 0.74 },
  }),
  travel: (t) => ({
    back: [
      box(0, 26, 400, 182, t.ground.lit),
      area('M64 112l70-20 66-44 18 2-34 44 56-8 12-18 12 2-8 28-112 32z', t.ground.shade),
      [
        line('M0 170q200-20 400 0', t.ground.shade, 3),
        line('M132 26v182M268 26v182', t.ground.shade, 6),
        box(0, 204, 400, 10, t.ground.deep),
        floor(214, t),
      ],
      [
        box(282, 192, 100, 12, t.ground.deep, 5),
        box(282, 222, 100, 14, t.ground.deep, 5),
        box(292, 236, 8, 36, t.ground.deep),
        box(366, 236, 8, 36, t.ground.deep),
      ],
    ]
      .flat()
      .join(''),
    ...{ x: 160, y: 268, scale: 0.76 },
  }),
  'toys-games': (t) => ({
    back: [
      line('M0 36q100 46 200 20t200-14', t.ground.deep, 2),
      each(8, (at) =>
        area(
          `M${16 + at * 50} ${[46, 62, 68, 62, 52, 46, 44, 40][at] ?? 50}h30l-15 32z`,
          t.hues[at % 4] ?? t.ground.deep,
        ),
      ),
      [
        box(260, 142, 112, 84, t.ground.shade, 4),
        line('M260 184h112', t.ground.deep, 4),
        box(272, 152, 12, 30, t.ground.lit),
        box(286, 158, 14, 24, t.ground.deep),
        disc(340, 168, 14, t.ground.lit),
      ],
      [floor(226, t), oval(190, 262, 170, 28, t.ground.lit), oval(190, 262, 120, 19, t.ground.base)],
    ]
      .flat()
      .join(''),
    ...{ x: 184, y: 266, scale: 0.74 },
  }),
  stationery: (t) => ({
    back: [
      window(236, 26, 120, 118, t),
      [box(0, 214, 400, 12, t.ground.deep), box(0, 226, 400, 74, t.ground.shade)],
      [
        box(288, 192, 78, 8, t.ground.lit, 2),
        box(294, 200, 70, 7, t.ground.deep, 2),
        box(284, 207, 80, 7, t.ground.lit, 2),
      ],
      pot(62, 214, t),
    ]
      .flat()
      .join(''),
    ...{ x: 186, y: 215, scale: 0.7 },
  }),
};

/** Where products of a category are used. */
export function sceneOf(category: string, tones: Tones): Scene {
  const draw = scenes[category];
  if (draw === undefined) throw new RangeError(`${category} has no scene`);
  return draw(tones);
}

/** Where nobody drinks coffee over it. */
const outdoors: ReadonlySet<string> = new Set(['outdoor', 'home-textiles', 'garden', 'cycling', 'fitness']);

/** A table from above, with what lies around. */
export function tabletop(category: string, t: Tones): string {
  const cup = [
    disc(336, 66, 44, '#00000014'),
    disc(332, 62, 44, t.ground.lit),
    disc(332, 62, 30, t.ground.base),
    disc(332, 62, 24, '#8a6247'),
  ];
  const sprig = [
    line('M28 280q30-60 84-84', t.leaf.shade, 3),
    ...[0, 1, 2].map((at) =>
      turned(
        -36,
        44 + at * 22,
        236 - at * 18,
        oval(44 + at * 22, 226 - at * 18, 8, 20, at % 2 === 0 ? t.leaf.base : t.leaf.lit),
      ),
    ),
  ];
  const sheet = turned(14, 330, 236, box(270, 190, 150, 130, t.ground.lit, 2));
  const board = line(
    each(5, (at) => `M0 ${30 + at * 62}h400`),
    t.ground.shade,
    2,
  );
  const isIndoors = !outdoors.has(category);
  const all = [board, ...(isIndoors ? [sheet, ...cup] : []), ...sprig].join('');
  return category.length % 2 === 0 ? mirrored(all) : all;
}
