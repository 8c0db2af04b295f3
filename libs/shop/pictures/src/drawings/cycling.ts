import { area, box, disc, each, lies, line, oval, ring, stands, standsAt, turned } from '../shapes.js';
import type { Drawings } from './drawing.js';

export const cycling: Drawings = {
  'bicycle-helmet': {
    focus: [176, 138],
    front: ({ colour: c, dark, accent: a }) =>
      stands(
        96,
        line('M122 200q20 66 62 40M278 200q-20 66-62 40', dark.lit, 6),
        area('M94 196q-4-104 106-104t106 104q-20 18-106 18t-106-18z', c.body),
        area('M98 190q20-16 102-16t102 16l4 8q-20 18-106 18t-106-18z', a.shade),
        each(5, (at) =>
          area(
            `M${132 + at * 30} 166q${(at - 2) * 4 - 6}-34 ${(at - 2) * -5 + 6}-56 12 12 ${12 + (at - 2) * 3} 56z`,
            dark.base,
          ),
        ),
        line('M120 158q12-40 46-54', c.lit, 5),
        box(190, 236, 20, 10, dark.base, 3),
      ),
    side: ({ colour: c, dark, accent: a }) =>
      stands(
        108,
        line('M150 204q20 40 56 38 10-20 34-40', dark.lit, 6),
        area('M78 190q10-100 122-100 106 0 124 84 2 20-16 24-90 22-222 8-10-4-8-16z', c.body),
        area('M80 184q100 18 240-8l4 10q0 10-14 14-92 20-222 6-10-4-8-22z', a.shade),
        [
          area('M120 160q28-36 74-42-30 20-44 46z', dark.base),
          area('M176 164q28-36 66-40-26 18-36 42z', dark.base),
          area('M238 160q22-24 46-24-14 10-20 22z', dark.base),
        ],
        line('M104 154q22-38 66-48', c.lit, 5),
      ),
  },
  'pannier-bag': {
    focus: [200, 116],
    front: ({ colour: c, dark, paper }) =>
      stands(
        84,
        line('M172 84q28-34 56 0', dark.base, 8),
        area('M128 112h144l10 118q0 14-14 14h-136q-14 0-14-14z', c.body),
        area('M122 84q0-8 8-8h140q8 0 8 8v32q-78 14-156 0z', c.lit),
        line('M124 114q76 14 152 0', c.shade, 3),
        [
          box(152, 100, 14, 64, dark.base, 3),
          box(234, 100, 14, 64, dark.base, 3),
          box(149, 142, 20, 14, dark.lit, 3),
          box(231, 142, 20, 14, dark.lit, 3),
        ],
        [box(176, 188, 48, 10, paper.lit, 5), box(122, 232, 156, 12, c.deep, 6)],
      ),
    side: ({ colour: c, dark, steel, paper }) =>
      stands(
        60,
        [line('M238 90h32M238 200h22', steel.base, 7), box(262, 80, 12, 26, dark.base, 4)],
        area('M166 82q4-12 20-12h44q10 0 10 10v164h-58q-26 0-28-28z', c.body),
        area('M162 84q4-16 26-16h42q10 0 10 12v40h-84z', c.lit),
        [
          box(186, 96, 13, 70, dark.base, 3),
          box(183, 136, 19, 13, dark.lit, 3),
          box(162, 196, 42, 9, paper.lit, 4),
        ],
      ),
  },
  'front-light': {
    focus: [176, 146],
    front: ({ colour: c, material: m, dark, steel }) =>
      stands(
        70,
        [
          box(184, 210, 32, 20, dark.base, 4),
          line('M84 236h232', steel.base, 16),
          line('M84 232h232', steel.lit, 4),
        ],
        [
          disc(200, 140, 76, c.shade),
          disc(198, 138, 74, c.body),
          disc(200, 140, 60, m.body),
          disc(200, 140, 54, dark.base),
        ],
        [
          disc(200, 140, 50, '#fff3d2'),
          line(
            each(5, (at) => `M${160 + at * 20} ${at % 4 === 0 ? 122 : 98}v${at % 4 === 0 ? 36 : 84}`),
            '#f1dca6',
            2,
          ),
          disc(200, 140, 18, '#fff'),
        ],
      ),
    side: ({ colour: c, material: m, dark, steel }) =>
      standsAt(
        214,
        64,
        area('M132 130L0 60v170z', '#fff3d266'),
        [box(200, 190, 34, 40, dark.base, 6), oval(216, 236, 34, 9, steel.base)],
        area('M146 84h64q70 10 74 52-4 42-74 52h-64z', c.body),
        [box(130, 78, 22, 116, m.body, 8), box(122, 84, 12, 104, '#fff3d2', 6)],
        line(
          each(4, (at) => `M${178 + at * 18} ${96 + at * 4}v${80 - at * 8}`),
          c.shade,
          3,
        ),
        disc(228, 90, 7, dark.base),
      ),
  },
  'folding-lock': {
    focus: [252, 104],
    front: ({ colour: c, material: m, dark }) =>
      lies(
        each(6, (at) =>
          turned(at * 60 - 30, 200, 150, box(156, 60, 88, 24, at % 2 === 0 ? c.body : m.body, 12)),
        ),
        each(6, (at) => turned(at * 60, 200, 150, `${disc(200, 66, 9, m.shade)}${disc(200, 66, 4, m.lit)}`)),
        turned(
          90,
          200,
          150,
          box(164, 52, 72, 40, dark.base, 12),
          disc(200, 72, 9, m.base),
          box(198, 68, 4, 9, dark.shade),
        ),
      ),
    side: ({ colour: c, material: m, dark }) =>
      stands(
        46,
        each(4, (at) => box(158 + at * 21, 74 + (at % 2) * 6, 19, 164, at % 2 === 0 ? c.body : m.body, 9)),
        each(4, (at) => disc(167.5 + at * 21, 86 + (at % 2) * 6, 4, m.lit)),
        [
          box(148, 128, 104, 116, dark.body, 14),
          box(160, 152, 80, 14, dark.shade, 4),
          disc(200, 202, 13, m.base),
          box(197, 196, 6, 13, dark.shade),
        ],
      ),
  },
  'leather-saddle': {
    focus: [150, 122],
    front: ({ material: m, accent: a }) =>
      lies(
        area(
          'M200 262q-20 0-22-42-4-60-48-92-40-28-30-62 6-24 36-30 64-8 128 0 30 6 36 30 10 34-30 62-44 32-48 92-2 42-22 42z',
          m.body,
        ),
        area('M200 240q-10-84-2-196 30 0 2 196z', m.shade),
        each(
          3,
          (at) =>
            `${disc(128 + at * 10, 54 - at * 3, 5, a.lit)}${disc(272 - at * 10, 54 - at * 3, 5, a.lit)}`,
        ),
        [disc(200, 246, 5, a.lit), line('M128 96q-2-22 20-28', m.lit, 5)],
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      stands(
        112,
        [
          line('M112 140q46 58 96 42t76-34', a.base, 7),
          ring(292, 168, 18, a.base, 6),
          ring(312, 168, 14, a.shade, 6),
        ],
        area(
          'M62 128q6-16 40-16 96 14 160-14 46-12 64 22 10 30-16 44-10-22-54-18-70 24-160 4-34-6-34-22z',
          m.body,
        ),
        line('M84 124q90 14 170-12', m.lit, 5),
        [disc(304, 124, 5, a.lit), disc(312, 142, 5, a.lit), disc(78, 128, 4, a.lit)],
        [box(194, 176, 18, 22, a.shade, 4), box(192, 194, 22, 50, c.body)],
      ),
  },
  'floor-pump': {
    focus: [200, 196],
    front: ({ colour: c, material: m, accent: a, dark, paper }) =>
      stands(
        62,
        line('M222 206q78 0 70-72-6-50-44-22', dark.base, 7),
        [box(136, 46, 128, 16, m.body, 8), box(192, 60, 16, 44, a.body)],
        [box(184, 98, 32, 132, c.body, 5), box(180, 96, 40, 10, a.shade, 4)],
        [disc(200, 206, 27, dark.base), disc(200, 206, 22, paper.base), line('M200 206l10-12', '#c5563f', 3)],
        area('M130 236q6-10 70-10t70 10v8h-140z', dark.body),
      ),
    side: ({ colour: c, material: m, accent: a, dark }) =>
      stands(
        58,
        line('M212 180q70-20 62-90', dark.base, 7),
        [
          oval(200, 52, 14, 12, m.base),
          box(193, 62, 14, 60, a.body),
          box(186, 116, 28, 114, c.body, 5),
          box(182, 114, 36, 10, a.shade, 4),
        ],
        [
          box(212, 192, 14, 34, dark.base, 5),
          area('M144 238q4-8 56-8t56 8v6h-112z', dark.body),
          box(270, 76, 12, 24, dark.lit, 4),
        ],
      ),
  },
  'mudguard-set': {
    focus: [122, 112],
    front: ({ colour: c, material: m, steel }) =>
      stands(
        120,
        line('M62 236q-6-150 130-160', c.shade, 26),
        line('M60 234q-4-146 128-158', m.base, 20),
        line('M68 200q8-90 90-114', c.base, 5),
        line('M350 236q10-94-74-116', c.shade, 26),
        line('M348 234q8-88-70-112', m.base, 20),
        line('M336 200q-4-40-42-60', c.base, 5),
        line('M70 204L182 240M120 110l62 130M344 206L246 240M306 138l-60 102', steel.base, 3.5),
        [disc(182, 240, 6, steel.deep), disc(246, 240, 6, steel.deep)],
      ),
    side: ({ colour: c, material: m, steel }) =>
      stands(
        112,
        [ring(200, 156, 84, '#3c3c42', 9), ring(200, 156, 76, steel.lit, 4)],
        each(10, (at) => turned(at * 18, 200, 156, line('M126 156h148', '#ffffff80', 1))),
        [
          line('M102 190A104 104 0 0 1 288 98', m.shade, 15),
          line('M102 188A104 104 0 0 1 286 97', m.base, 10),
          line('M116 136A92 92 0 0 1 170 70', c.base, 4),
        ],
        [
          line('M104 184l96-28M232 58l-32 98', steel.deep, 3.5),
          disc(200, 156, 11, steel.base),
          disc(200, 156, 4, steel.deep),
        ],
      ),
  },
  'multi-tool': {
    focus: [152, 148],
    front: ({ colour: c, material: m }) =>
      lies(
        [
          turned(-52, 112, 150, line('M112 150v-84', m.base, 9)),
          turned(-18, 128, 150, line('M128 150V52h18', m.lit, 10)),
          turned(20, 148, 150, line('M148 150V60', m.shade, 8), box(140, 44, 16, 22, m.shade, 2)),
        ],
        [
          turned(38, 292, 154, line('M292 154V70', m.lit, 10)),
          turned(74, 292, 154, line('M292 154V78', m.base, 7)),
        ],
        turned(
          -4,
          200,
          158,
          box(90, 130, 222, 56, c.body, 26),
          box(122, 146, 158, 24, c.shade, 12),
          disc(116, 158, 12, m.base),
          disc(116, 158, 5, m.deep),
          disc(286, 158, 12, m.base),
          disc(286, 158, 5, m.deep),
        ),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        96,
        [box(100, 152, 200, 22, c.body, 11), box(100, 222, 200, 22, c.body, 11)],
        each(4, (at) => box(120, 175 + at * 12, 160 - (at % 2) * 22, 10, at % 2 === 0 ? m.lit : m.shade, 3)),
        [
          box(112, 148, 20, 96, m.base, 5),
          box(268, 148, 20, 96, m.base, 5),
          disc(122, 196, 5, m.deep),
          disc(278, 196, 5, m.deep),
        ],
      ),
  },
};
