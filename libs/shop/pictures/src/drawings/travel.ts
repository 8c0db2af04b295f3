import { area, box, disc, each, hangs, lies, line, ring, stands, standsAt, turned } from '../shapes.js';
import type { Drawings } from './drawing.js';

export const travel: Drawings = {
  'cabin-suitcase': {
    focus: [200, 112],
    front: ({ colour: c, dark, steel }) =>
      stands(
        66,
        [line('M176 92V38h48v54', steel.base, 6), box(170, 30, 60, 13, dark.base, 6)],
        [disc(156, 236, 9, dark.base), disc(244, 236, 9, dark.base)],
        box(132, 84, 136, 148, c.body, 18),
        each(5, (at) => box(150 + at * 22, 98, 10, 120, c.shade, 5)),
        each(5, (at) => box(150 + at * 22, 98, 3, 120, c.lit, 1.5)),
        [box(180, 76, 40, 12, dark.lit, 5), box(188, 132, 24, 12, steel.lit, 3)],
      ),
    side: ({ colour: c, dark, steel }) =>
      stands(
        48,
        [line('M232 92V38', steel.base, 6), box(212, 30, 28, 13, dark.base, 6)],
        [disc(166, 236, 9, dark.base), disc(234, 236, 9, dark.base)],
        [
          box(150, 84, 50, 148, c.body, 16),
          box(200, 84, 50, 148, c.body, 16),
          box(194, 84, 12, 148, dark.base),
        ],
        [
          line(
            each(2, (at) => `M${168 + at * 64} 100v116`),
            c.shade,
            5,
          ),
          box(140, 138, 12, 40, dark.lit, 5),
          disc(200, 128, 5, steel.lit),
        ],
      ),
  },
  'weekender-bag': {
    focus: [146, 152],
    front: ({ colour: c, material: m, brass, dark }) =>
      stands(
        122,
        line('M146 152q0-86 54-86t54 86', m.deep, 10),
        area('M92 156q0-28 28-28h160q28 0 28 28l12 70q0 18-18 18h-204q-18 0-18-18z', c.body),
        [line('M104 140q96-22 192 0', dark.lit, 4), box(286, 138, 18, 8, brass.base, 3)],
        area('M80 214h240l2 12q0 18-18 18h-208q-18 0-18-18z', m.body),
        [
          box(138, 146, 16, 70, m.shade, 3),
          box(246, 146, 16, 70, m.shade, 3),
          disc(146, 158, 4, brass.lit),
          disc(254, 158, 4, brass.lit),
        ],
      ),
    side: ({ colour: c, material: m, brass }) =>
      stands(
        74,
        line('M200 128q-36-60 0-74 36 14 0 74', m.deep, 9),
        area('M142 160q4-36 58-36t58 36l8 66q0 18-18 18h-96q-18 0-18-18z', c.body),
        [area('M136 214h128l2 12q0 18-18 18h-96q-18 0-18-18z', m.body), line('M200 124v90', c.deep, 4)],
        [
          line('M160 160q40-14 80 0', m.shade, 8),
          ring(160, 162, 7, brass.base, 4),
          ring(240, 162, 7, brass.base, 4),
        ],
      ),
  },
  'packing-cubes': {
    focus: [146, 202],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        112,
        [
          box(90, 184, 220, 60, c.body, 10),
          box(112, 196, 120, 36, '#ffffff33', 5),
          line('M96 190h208', dark.lit, 3),
          box(252, 186, 22, 8, m.lit, 3),
          line('M244 214q26-12 50 0', c.deep, 6),
        ],
        [
          box(104, 132, 192, 52, m.body, 10),
          box(124, 143, 100, 30, '#ffffff40', 5),
          line('M110 138h180', dark.lit, 3),
          box(240, 134, 22, 8, c.lit, 3),
        ],
        [
          box(122, 92, 156, 42, c.body, 9),
          box(140, 102, 80, 22, '#ffffff33', 5),
          line('M128 97h144', dark.lit, 3),
          box(230, 93, 22, 8, m.lit, 3),
        ],
      ),
    side: ({ colour: c, material: m, dark }) =>
      lies(
        [
          box(60, 64, 170, 172, c.body, 14),
          box(78, 84, 134, 120, '#ffffff33', 8),
          each(4, (at) => box(90 + at * 28, 94, 24, 100, at % 2 === 0 ? '#f4eee299' : m.lit, 5)),
          line('M70 222h150', dark.lit, 3),
        ],
        [
          box(246, 64, 96, 96, m.body, 12),
          box(260, 80, 68, 54, '#ffffff40', 6),
          line('M256 150h76', dark.lit, 3),
        ],
        [box(246, 172, 96, 64, c.body, 12), line('M256 186h76', dark.lit, 3), line('M272 212h44', c.deep, 6)],
      ),
  },
  'toiletry-bag': {
    focus: [266, 132],
    front: ({ colour: c, material: m, brass, dark }) =>
      stands(
        96,
        [line('M108 176q-44-16-30 20t34 10', m.deep, 8)],
        area('M104 158q0-20 20-22 76-12 152 0 20 2 20 22l6 62q0 24-24 24h-156q-24 0-24-24z', c.body),
        [line('M112 150q88-20 176 0', dark.base, 5), box(266, 142, 30, 9, brass.base, 4)],
        area('M100 206h200l2 14q0 24-24 24h-156q-24 0-24-24z', m.body),
        [box(168, 176, 64, 22, m.shade, 3), line('M116 166q-4 20-4 34', c.lit, 4)],
      ),
    side: ({ colour: c, material: m, brass, steel, paper }) =>
      hangs(
        [
          line('M200 56V34q0-14 14-12', steel.base, 5),
          box(124, 54, 152, 66, c.body, 12),
          box(132, 118, 136, 76, m.body, 6),
          box(124, 192, 152, 84, c.body, 12),
        ],
        [
          line('M136 72h128', brass.base, 4),
          box(142, 128, 56, 56, '#ffffff40', 5),
          box(204, 128, 56, 56, '#ffffff40', 5),
        ],
        [
          box(152, 142, 12, 42, paper.base, 3),
          box(170, 150, 16, 34, c.lit, 4),
          box(218, 138, 10, 46, '#d9a765', 3),
          box(236, 152, 14, 32, paper.shade, 4),
        ],
        line('M136 210h128', brass.base, 4),
      ),
  },
  'travel-adapter': {
    focus: [200, 190],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        64,
        box(136, 84, 128, 160, c.body, 22),
        box(148, 96, 104, 84, m.shade, 16),
        [
          box(178, 112, 9, 24, dark.base, 3),
          box(213, 112, 9, 24, dark.base, 3),
          turned(30, 178, 154, box(174, 144, 8, 22, dark.base, 3)),
          turned(-30, 222, 154, box(218, 144, 8, 22, dark.base, 3)),
        ],
        [
          box(154, 196, 34, 12, dark.base, 6),
          box(154, 216, 34, 12, dark.base, 6),
          box(204, 196, 42, 32, dark.base, 4),
          box(208, 206, 34, 8, c.lit, 2),
        ],
        disc(200, 236, 2.5, '#8fd18a'),
      ),
    side: ({ colour: c, material: m, steel, dark }) =>
      stands(
        84,
        [
          box(102, 146, 40, 10, steel.base, 3),
          box(102, 188, 40, 10, steel.base, 3),
          box(110, 166, 30, 12, dark.base, 4),
        ],
        box(138, 116, 140, 128, c.body, 20),
        [box(156, 116, 14, 128, m.shade), box(250, 138, 14, 84, c.shade, 6)],
        [
          box(196, 150, 38, 10, dark.base, 5),
          disc(215, 196, 15, c.shade),
          disc(214, 195, 11, c.lit),
          line('M276 180q40 0 44 40', dark.lit, 6),
        ],
      ),
  },
  'neck-pillow': {
    focus: [262, 190],
    front: ({ colour: c, material: m, brass }) =>
      stands(
        104,
        line('M138 224q-44-76 0-116 62-52 124 0 44 40 0 116', c.shade, 54),
        line('M138 222q-42-74 0-112 62-50 124 0 42 38 0 112', c.base, 46),
        line('M120 188q-16-50 18-76 30-28 72-24', c.lit, 8),
        [line('M148 230q52-20 104 0', m.deep, 5), box(190, 216, 20, 12, brass.base, 4)],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        104,
        area('M86 196q0-50 60-58 54-6 108 0 60 8 60 58 0 48-50 48h-128q-50 0-50-48z', c.body),
        area('M128 208q0-34 72-34t72 34q0 36-30 36h-84q-30 0-30-36z', c.deep),
        [
          area('M86 196q0-50 60-58-26 24-20 62 4 30 22 44-62 6-62-48z', c.lit),
          line('M210 142q40 6 64 34', c.shade, 3),
          box(270, 212, 24, 14, m.lit, 4),
        ],
      ),
  },
  'passport-wallet': {
    focus: [220, 150],
    front: ({ colour: c, material: m, brass }) =>
      lies(
        turned(
          9,
          236,
          140,
          box(196, 50, 126, 176, '#7a2f3a', 10),
          ring(259, 128, 24, brass.base, 3),
          line('M235 128h48M259 104v48', brass.base, 2),
          line('M238 172h42', brass.base, 4),
        ),
        turned(
          -6,
          180,
          156,
          box(98, 58, 146, 192, c.body, 12),
          `<rect x="106" y="66" width="130" height="176" rx="8" fill="none" stroke="${m.lit}" stroke-width="2" stroke-dasharray="7 5"/>`,
          [box(98, 140, 146, 26, m.shade), disc(222, 153, 8, brass.base)],
        ),
      ),
    side: ({ colour: c, material: m, paper }) =>
      lies(
        [box(66, 66, 132, 172, c.body, 10), box(202, 66, 132, 172, c.body, 10), box(196, 66, 8, 172, c.deep)],
        [
          box(82, 90, 100, 136, '#7a2f3a', 6),
          disc(132, 150, 20, '#c6a15a'),
          disc(132, 150, 14, '#7a2f3a'),
          area('M66 156h116q10 30 0 82h-106q-10 0-10-10z', m.shade),
        ],
        each(3, (at) =>
          box(216, 88 + at * 30, 104, 64, [paper.base, '#7ea0b5', '#d9a765'][at] ?? paper.base, 6),
        ),
        area('M202 176h132v52q0 10-10 10h-122z', m.shade),
      ),
  },
  'city-backpack': {
    focus: [200, 176],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        74,
        line('M184 58q16-22 32 0', dark.base, 7),
        area('M134 108q0-54 66-54t66 54l6 118q0 18-18 18h-108q-18 0-18-18z', c.body),
        line('M146 130q-2-64 54-64t54 64', dark.lit, 4),
        [
          area('M148 160h104l4 62q0 12-12 12h-88q-12 0-12-12z', m.body),
          line('M150 168h100', dark.base, 4),
          box(228, 166, 8, 20, m.deep, 3),
        ],
        [box(186, 96, 28, 20, m.shade, 4), line('M158 100q4-18 18-26', c.lit, 5)],
      ),
    side: ({ colour: c, material: m, dark }) =>
      standsAt(
        192,
        58,
        line('M236 90q52 50 4 130', dark.base, 10),
        line('M206 56q18-16 28 6', dark.base, 7),
        area('M160 104q6-50 48-50 34 0 34 46v128q0 16-16 16h-50q-16 0-16-16z', c.body),
        area('M160 156q-24 6-24 40t26 44z', m.body),
        [
          line('M176 92q8-28 36-28', dark.lit, 4),
          line('M196 70v160', dark.lit, 3),
          box(206, 176, 26, 60, c.shade, 8),
        ],
      ),
  },
};
