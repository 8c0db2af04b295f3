import { area, box, disc, each, hangs, lies, line, oval, ring, stands, standsAt, turned } from '../shapes.js';
import type { Drawings } from './drawing.js';

const GLASS = '#ffffff59';

export const kitchen: Drawings = {
  'cast-iron-pot': {
    focus: [262, 150],
    front: ({ colour: c, brass }) =>
      stands(
        100,
        [box(82, 160, 34, 15, c.shade, 7), box(284, 160, 34, 15, c.shade, 7)],
        area('M108 150h184v60q0 34-34 34h-116q-34 0-34-34z', c.body),
        area('M112 144q10-40 88-40t88 40z', c.body),
        line('M138 128q16-14 44-17', c.lit, 4),
        box(102, 142, 196, 12, c.shade, 6),
        [box(194, 92, 12, 14, brass.shade), oval(200, 90, 15, 8, brass.base)],
      ),
    side: ({ colour: c, brass, paper }) =>
      stands(
        100,
        turned(
          -64,
          312,
          190,
          oval(312, 190, 62, 16, c.shade),
          oval(312, 186, 58, 13, c.base),
          disc(312, 168, 9, brass.base),
        ),
        area('M92 156h176v54q0 34-34 34h-108q-34 0-34-34z', c.body),
        [oval(180, 156, 92, 22, c.lit), oval(180, 158, 80, 17, c.deep), oval(180, 161, 66, 11, '#b9673f')],
        [disc(160, 160, 7, '#d99a4e'), disc(196, 162, 6, '#7d9470'), disc(182, 157, 5, '#d99a4e')],
        line(
          each(3, (at) => `M${150 + at * 30} 128q-9-14 0-26t0-26`),
          paper.base,
          4,
        ),
      ),
  },
  'chef-s-knife': {
    focus: [252, 150],
    front: ({ colour: c, steel, brass }) =>
      lies(
        turned(
          -18,
          200,
          150,
          area('M34 168Q120 126 240 128l20 2v44h-60Q90 176 34 168z', steel.body),
          area('M34 168q80 2 160-8l66-4v18h-60Q90 176 34 168z', steel.lit),
          box(252, 128, 14, 40, steel.shade, 3),
          area('M264 128h84q26 0 26 22 0 16-14 16-8 0-18-4h-78z', c.body),
          each(3, (at) => disc(284 + at * 30, 147, 4, brass.base)),
        ),
      ),
    side: ({ colour: c, steel, brass, oak }) =>
      lies(
        box(96, 84, 208, 136, oak.body, 16),
        line(
          each(4, (at) => `M108 ${106 + at * 30}h184`),
          oak.shade,
          1.5,
        ),
        [
          disc(152, 176, 19, '#c5563f'),
          disc(152, 176, 14, '#dc7a5e'),
          disc(190, 184, 19, '#c5563f'),
          disc(190, 184, 14, '#dc7a5e'),
        ],
        turned(
          28,
          200,
          130,
          area('M50 148q80-40 190-36v46h-50q-90 2-140-10z', steel.body),
          area('M50 148q70 4 190-8v18h-50q-90 2-140-10z', steel.lit),
          area('M240 112h88q22 0 22 19 0 15-12 15-8 0-16-4h-82z', c.body),
          each(3, (at) => disc(258 + at * 28, 128, 3.5, brass.base)),
        ),
      ),
  },
  'frying-pan': {
    focus: [272, 182],
    front: ({ colour: c, material: m }) =>
      standsAt(
        178,
        96,
        line('M270 196q50-8 96-36', c.shade, 16),
        line('M272 193q46-8 92-34', c.base, 10),
        area('M72 190h212q-6 54-106 54t-106-54z', m.body),
        [oval(178, 190, 106, 34, m.lit), oval(178, 191, 99, 29, m.shade), oval(178, 197, 84, 21, m.base)],
        [oval(168, 196, 40, 12, '#fdf6e6'), oval(172, 193, 15, 7, '#f0b445')],
      ),
    side: ({ colour: c, material: m, steel }) =>
      hangs(
        [ring(200, 40, 9, steel.deep, 4), box(191, 48, 18, 96, c.body, 9)],
        disc(200, 196, 76, m.shade),
        [disc(198, 194, 73, m.body), disc(200, 196, 56, m.shade), disc(202, 198, 53, m.base)],
        line('M160 178q12-20 34-24', m.lit, 4),
      ),
  },
  'coffee-grinder': {
    focus: [200, 146],
    front: ({ colour: c, material: m, accent: a, dark }) =>
      stands(
        58,
        [box(158, 44, 84, 9, dark.base, 4), area('M160 52h80l-16 50h-48z', GLASS)],
        area('M164 74h72l-11 28h-50z', '#6b4a35'),
        box(152, 102, 96, 130, c.body, 10),
        [
          box(152, 118, 96, 16, m.body),
          line(
            each(12, (at) => `M${158 + at * 8} 121v10`),
            m.shade,
            1.5,
          ),
        ],
        [box(180, 150, 40, 12, dark.base, 6), area('M170 190h60v38h-60z', dark.shade)],
        [area('M176 196h48l-4 36h-40z', a.body), box(146, 232, 108, 12, c.shade, 6)],
      ),
    side: ({ colour: c, material: m, dark }) =>
      standsAt(
        206,
        74,
        [
          box(176, 44, 84, 9, dark.base, 4),
          area('M178 52h80l-16 50h-48z', GLASS),
          area('M182 74h72l-11 28h-50z', '#6b4a35'),
        ],
        box(182, 102, 76, 142, c.body, 12),
        box(182, 118, 76, 16, m.body),
        area('M182 140l-44 14v12l44 10z', c.shade),
        [disc(236, 178, 15, m.body), disc(236, 178, 7, m.shade)],
        [box(112, 232, 146, 12, c.shade, 6), area('M120 190h44l-5 42h-34z', m.body)],
      ),
  },
  kettle: {
    focus: [268, 130],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        82,
        line('M236 96q66-8 62 58-3 40-36 58', c.deep, 17),
        line('M236 96q62-8 58 58-3 36-34 54', c.base, 11),
        area('M148 128l-42-28 6-10 58 12z', m.shade),
        area('M138 234q-2-88 26-136h72q28 48 26 136z', m.body),
        line('M164 214q-4-60 14-100', m.lit, 5),
        [area('M166 98q4-20 34-20t34 20z', c.body), disc(200, 74, 8, c.shade)],
        box(130, 232, 140, 12, dark.base, 6),
      ),
    side: ({ colour: c, material: m, dark, paper }) =>
      stands(
        74,
        area('M142 234q-2-88 24-136h68q26 48 24 136z', m.body),
        area('M180 124l20-40 20 40q-8 18-20 18t-20-18z', m.shade),
        area('M186 120l14-28 14 28q-6 12-14 12t-14-12z', m.lit),
        [area('M166 98q4-22 34-22t34 22z', c.body), disc(200, 71, 9, c.shade)],
        box(134, 232, 132, 12, dark.base, 6),
        [disc(200, 198, 17, dark.base), disc(200, 198, 12, paper.base), line('M200 198l6-8', dark.base, 2)],
      ),
  },
  'baking-tin': {
    focus: [252, 154],
    front: ({ colour: c, material: m }) =>
      stands(
        112,
        area('M92 156q8-62 108-62t108 62z', '#c68a4c'),
        area('M104 146q12-44 96-46 40 0 66 14-120-8-162 32z', '#dba968'),
        line(
          each(4, (at) => `M${142 + at * 36} 112q12 8 10 24`),
          '#a96f38',
          4,
        ),
        area('M88 160h224l-22 84h-180z', c.body),
        area('M88 160h224l-3 12h-218z', c.deep),
        box(78, 150, 244, 14, m.body, 7),
      ),
    side: ({ colour: c, material: m, paper }) =>
      stands(
        116,
        area('M84 196h232l-30 48h-172z', c.body),
        [
          oval(200, 190, 122, 34, m.base),
          oval(200, 191, 112, 29, c.deep),
          oval(200, 194, 104, 25, '#d9a765'),
        ],
        each(8, (at) => disc(138 + (at % 4) * 42, 188 + Math.floor(at / 4) * 14, 6, '#a94f5e')),
        line('M104 196q30 22 96 22t96-22', paper.shade, 2),
      ),
  },
  'chopping-board': {
    focus: [290, 108],
    front: ({ colour: c, material: m, dark }) =>
      lies(
        turned(
          -7,
          200,
          150,
          box(66, 72, 268, 156, m.body, 20),
          line(
            each(6, (at) => `M80 ${92 + at * 23}q60-7 120 0t120 0`),
            m.shade,
            1.3,
          ),
          box(80, 86, 240, 128, 'none', 12).replace(
            'fill="none"',
            `fill="none" stroke="${m.shade}" stroke-width="3"`,
          ),
          [disc(304, 150, 12, dark.shade), ring(304, 150, 13, m.deep, 2)],
          line('M306 152q34 8 30 36t-26 14', c.base, 5),
        ),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        92,
        area('M118 66q0-14 14-14h128q14 0 14 14v178h-156z', m.body),
        area('M274 66l12 8v164l-12 6z', m.deep),
        line(
          each(5, (at) => `M${138 + at * 28} 70q8 80 0 166`),
          m.shade,
          1.3,
        ),
        [disc(196, 78, 11, m.deep), line('M196 80q-26 20-8 46 16 18 20-10 2-20-10-38', c.base, 5)],
      ),
  },
  'stand-mixer': {
    focus: [200, 104],
    front: ({ colour: c, material: m, dark, steel }) =>
      standsAt(
        206,
        100,
        box(112, 230, 184, 14, c.shade, 7),
        area('M250 236v-120h40q16 0 14 24l-6 96z', c.body),
        area('M104 66q0-8 10-8h132q62 0 62 40 0 26-30 26h-152q-22 0-22-26z', c.body),
        [box(104, 84, 196, 6, steel.lit), box(140, 122, 34, 12, dark.base, 4)],
        [line('M157 134v34', steel.shade, 6), line('M157 150q-20 24 0 42 20-18 0-42', steel.base, 4)],
        area('M106 160h108q-2 70-32 70h-44q-30 0-32-70z', m.body),
        [box(102, 155, 116, 8, m.lit, 4), disc(272, 150, 8, steel.base)],
      ),
    side: ({ colour: c, material: m, steel, dark }) =>
      stands(
        72,
        box(140, 230, 120, 14, c.shade, 7),
        box(166, 110, 68, 124, c.deep, 8),
        area('M148 84q0-38 52-38t52 38v22q0 20-20 20h-64q-20 0-20-20z', c.body),
        [disc(200, 88, 26, steel.body), disc(200, 88, 17, dark.base), disc(196, 84, 6, steel.lit)],
        line('M200 126v40', steel.shade, 6),
        area('M144 160h112q-2 70-34 70h-44q-32 0-34-70z', m.body),
        box(140, 155, 120, 8, m.lit, 4),
      ),
  },
};
