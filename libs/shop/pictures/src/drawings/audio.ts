import { area, box, disc, dots, each, lies, line, oval, ring, stands } from '../shapes.js';
import type { Tone, Tones } from '../tones.js';
import type { Drawings } from './drawing.js';

/** A loudspeaker's cone. */
const cone = (x: number, y: number, r: number, { dark, steel }: Tones): string =>
  [
    disc(x, y, r, dark.base),
    ring(x, y, r, steel.base, 2),
    disc(x, y, r * 0.78, dark.shade),
    disc(x, y, r * 0.32, dark.lit),
    disc(x - r * 0.08, y - r * 0.08, r * 0.14, steel.lit),
  ].join('');

const bookshelfSpeaker = (x: number, m: Tone, c: Tone, tones: Tones): string =>
  [
    box(x, 70, 104, 174, m.body, 5),
    box(x + 7, 77, 90, 160, c.body, 4),
    cone(x + 52, 110, 20, tones),
    cone(x + 52, 184, 38, tones),
  ].join('');

export const audio: Drawings = {
  'over-ear-headphones': {
    focus: [134, 186],
    front: ({ colour: c, material: m, accent: a }) =>
      stands(
        74,
        line('M130 178q-8-128 70-128t70 128', a.base, 9),
        line('M138 110q14-52 62-52t62 52', c.base, 17),
        line('M142 108q14-44 46-46', c.lit, 4),
        [box(126, 150, 12, 34, a.shade, 4), box(262, 150, 12, 34, a.shade, 4)],
        [box(142, 166, 26, 78, m.body, 13), box(232, 166, 26, 78, m.body, 13)],
        [box(112, 162, 36, 82, c.body, 17), box(252, 162, 36, 82, c.body, 17)],
        [line('M122 186v34', c.lit, 3), line('M278 186v34', c.deep, 3)],
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      stands(
        48,
        area('M186 150q-10-100 22-104 24 0 10 104z', c.shade),
        area('M190 150q-8-94 18-98 14 0 4 98z', c.base),
        box(194, 132, 14, 44, a.base, 4),
        [oval(206, 196, 48, 48, m.deep), oval(200, 196, 46, 48, c.body)],
        [disc(200, 196, 30, c.shade), disc(198, 194, 29, c.base), disc(198, 194, 8, a.base)],
      ),
  },
  'in-ear-headphones': {
    focus: [150, 112],
    front: ({ colour: c, material: m, accent: a, steel }) =>
      stands(
        84,
        [
          area('M140 128v58q0 8 9 8t9-8v-58z', c.body),
          disc(140, 114, 27, c.body),
          oval(166, 106, 15, 17, m.shade),
          oval(171, 105, 10, 14, m.base),
          ring(134, 112, 9, a.lit, 2),
        ],
        [
          area('M260 128v58q0 8-9 8t-9-8v-58z', c.body),
          disc(260, 114, 27, c.body),
          oval(234, 106, 15, 17, m.shade),
          oval(229, 105, 10, 14, m.base),
          ring(266, 112, 9, a.lit, 2),
        ],
        [box(122, 192, 156, 52, c.body, 26), line('M126 214h148', c.deep, 2), disc(200, 228, 4, steel.lit)],
      ),
    side: ({ colour: c, material: m, accent: a, dark }) =>
      lies(
        [box(104, 78, 192, 74, c.deep, 37), box(112, 84, 176, 62, c.shade, 31)],
        box(104, 130, 192, 92, c.body, 42),
        box(118, 142, 164, 58, dark.base, 28),
        [disc(160, 168, 23, c.body), oval(160, 168, 12, 13, m.base), ring(160, 168, 13, a.base, 2)],
        [disc(240, 168, 23, c.body), oval(240, 168, 12, 13, m.base), ring(240, 168, 13, a.base, 2)],
        disc(200, 211, 4, a.lit),
      ),
  },
  'bookshelf-speakers': {
    focus: [136, 174],
    front: (t) =>
      stands(
        128,
        bookshelfSpeaker(84, t.material, t.colour, t),
        bookshelfSpeaker(212, t.material, t.colour, t),
      ),
    side: (t) =>
      stands(
        84,
        area('M126 74l96-10v180h-96z', t.material.body),
        line(
          each(4, (at) => `M${142 + at * 20} ${74 - at * 2}q5 80 0 166`),
          t.material.shade,
          1.3,
        ),
        area('M222 64l54 16v156l-54 8z', t.colour.shade),
        area('M228 74l42 12v142l-42 6z', t.colour.base),
        [oval(249, 112, 11, 18, t.dark.base), oval(249, 112, 4, 7, t.steel.base)],
        [
          oval(249, 180, 18, 34, t.dark.base),
          oval(249, 180, 14, 27, t.dark.shade),
          oval(249, 180, 6, 11, t.dark.lit),
        ],
      ),
  },
  'portable-speaker': {
    focus: [136, 172],
    front: ({ colour: c, material: m, accent: a }) =>
      stands(
        104,
        [line('M276 130q34-28 40 12', a.shade, 7)],
        box(92, 120, 216, 124, c.body, 56),
        box(120, 120, 160, 124, m.body, 30),
        each(9, (row) => dots(134, 134 + row * 12, 12, 12, 5, m.shade)),
        box(172, 112, 56, 12, c.shade, 6),
        [disc(186, 118, 3, c.lit), disc(200, 118, 3, c.lit), disc(214, 118, 3, c.lit)],
      ),
    side: ({ colour: c, material: m, accent: a, dark }) =>
      stands(
        66,
        [line('M246 128q40-20 34 30', a.shade, 7), disc(200, 182, 62, m.shade), disc(200, 182, 60, c.body)],
        [
          disc(200, 182, 44, dark.base),
          disc(200, 182, 40, c.deep),
          disc(200, 182, 22, c.shade),
          disc(194, 176, 8, c.lit),
        ],
      ),
  },
  'record-player': {
    focus: [262, 176],
    front: ({ colour: c, material: m, dark, steel }) =>
      stands(
        134,
        [area('M84 196l26-86h180l26 86z', '#ffffff4d'), line('M84 196l26-86h180l26 86', '#ffffffb3', 3)],
        area('M84 190h232l16 22h-264z', m.lit),
        [
          oval(178, 200, 84, 12, dark.shade),
          oval(178, 197, 84, 12, dark.base),
          oval(178, 197, 60, 8, dark.lit),
          oval(178, 197, 54, 7, dark.base),
          oval(178, 197, 26, 4, c.base),
        ],
        [box(272, 184, 16, 16, steel.shade, 4), line('M280 184l-12 2-46 10', steel.base, 4)],
        box(66, 210, 268, 28, m.body, 4),
        [disc(304, 224, 7, c.base), box(86, 236, 26, 8, dark.base, 3), box(288, 236, 26, 8, dark.base, 3)],
      ),
    side: ({ colour: c, material: m, dark, steel }) =>
      lies(
        box(74, 62, 252, 186, m.body, 10),
        line(
          each(5, (at) => `M84 ${84 + at * 36}q120-6 232 0`),
          m.shade,
          1.2,
        ),
        [
          disc(172, 156, 80, dark.shade),
          disc(172, 154, 78, dark.base),
          ring(172, 154, 64, dark.lit, 1.2),
          ring(172, 154, 54, dark.lit, 1.2),
          ring(172, 154, 44, dark.lit, 1.2),
          disc(172, 154, 26, c.body),
          disc(172, 154, 4, steel.lit),
        ],
        [
          disc(286, 96, 20, steel.shade),
          disc(285, 95, 17, steel.base),
          line('M286 96v92l-46 30', steel.lit, 6),
          box(226, 208, 22, 13, dark.shade, 3),
        ],
        disc(296, 226, 9, c.base),
      ),
  },
  'kitchen-radio': {
    focus: [258, 166],
    front: ({ colour: c, material: m, dark, paper, steel }) =>
      stands(
        106,
        line('M276 112L312 40', steel.base, 3),
        line('M130 116q70-44 140 0', c.deep, 8),
        box(96, 110, 208, 134, m.body, 22),
        box(106, 120, 188, 114, c.body, 14),
        line(
          each(10, (at) => `M120 ${136 + at * 9}h78`),
          c.deep,
          3.5,
        ),
        [
          box(216, 134, 64, 36, dark.base, 5),
          line('M226 152h18M226 160h30', paper.base, 2.5),
          disc(266, 150, 5, '#e2a65a'),
        ],
        [disc(248, 204, 20, m.shade), disc(247, 202, 18, m.base), line('M247 202v-14', paper.lit, 3)],
      ),
    side: ({ colour: c, material: m, steel }) =>
      stands(
        60,
        line('M224 112l10-74', steel.base, 3),
        line('M190 112q12-30 26 0', c.deep, 8),
        area('M150 132q0-22 22-22h56q22 0 22 22v112h-100z', m.body),
        area('M150 132q0-22 22-22h8v134h-30z', c.body),
        line(
          each(3, (at) => `M${196 + at * 16} 120q5 60 0 118`),
          m.shade,
          1.3,
        ),
        disc(146, 204, 8, m.lit),
      ),
  },
  soundbar: {
    focus: [112, 216],
    front: ({ colour: c, material: m, dark, paper }) =>
      stands(
        162,
        [
          box(92, 56, 216, 126, dark.base, 5),
          box(98, 62, 204, 114, dark.shade, 3),
          area('M98 176l70-114h80l-70 114z', '#ffffff14'),
        ],
        [box(172, 182, 56, 8, dark.shade), box(150, 188, 100, 5, dark.base, 2)],
        box(40, 204, 320, 40, m.body, 12),
        box(58, 208, 284, 32, c.body, 10),
        line(
          each(34, (at) => `M${68 + at * 8} 216v16`),
          c.shade,
          2,
        ),
        disc(200, 224, 4, paper.lit),
      ),
    side: ({ colour: c, material: m, dark }) =>
      stands(
        128,
        area('M54 210l216-52q20-3 26 6l26 26q6 10-8 14l-210 40z', m.body),
        area('M54 210l50 34v-14l-42-30q-8 4-8 10z', dark.base),
        area('M104 244v-16l204-40q12 0 12 8 0 6-8 8z', c.deep),
        line(
          each(22, (at) => `M${116 + at * 8.6} ${230 - at * 1.7}l0 8`),
          c.lit,
          1.6,
        ),
        [disc(180, 196, 4, c.base), disc(194, 193, 4, c.base), disc(208, 190, 4, c.base)],
      ),
  },
  'headphone-amplifier': {
    focus: [262, 186],
    front: ({ colour: c, material: m, dark, steel, paper }) =>
      stands(
        108,
        box(92, 142, 216, 90, m.body, 8),
        box(100, 150, 200, 74, c.body, 5),
        [disc(252, 187, 30, m.shade), disc(250, 185, 28, m.body), line('M250 185l12-18', paper.lit, 3.5)],
        each(7, (at) =>
          disc(
            Math.round(252 - 38 * Math.cos(at * 0.52)),
            Math.round(187 - 38 * Math.sin(at * 0.52)),
            1.8,
            c.lit,
          ),
        ),
        [
          disc(132, 190, 13, steel.base),
          disc(132, 190, 7, dark.shade),
          disc(176, 190, 9, steel.base),
          disc(176, 190, 4, dark.shade),
        ],
        disc(132, 162, 3, '#e2a65a'),
        [box(108, 230, 28, 14, dark.base, 4), box(264, 230, 28, 14, dark.base, 4)],
      ),
    side: ({ colour: c, material: m, dark, steel }) =>
      stands(
        116,
        area('M104 150l120-22 84 26v76l-84 10-120-18z', m.shade),
        area('M104 150l120-22 84 26-110 18z', m.lit),
        area('M198 172l110-18v76l-110 12z', c.body),
        area('M104 150l94 22v70l-94-20z', m.base),
        line(
          each(6, (at) => `M${116 + at * 13} ${168 + at * 3}v36`),
          m.deep,
          3,
        ),
        [
          oval(280, 190, 17, 21, m.lit),
          line('M280 190l6-14', dark.base, 3),
          oval(226, 200, 9, 11, steel.base),
          oval(226, 200, 5, 6, dark.shade),
        ],
      ),
  },
};
