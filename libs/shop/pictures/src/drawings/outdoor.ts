import { area, box, disc, each, hangs, lies, line, oval, stands, standsAt, turned } from '../shapes.js';
import type { Drawings } from './drawing.js';

export const outdoor: Drawings = {
  '2-person-tent': {
    focus: [200, 190],
    front: ({ colour: c, dark, paper }) =>
      stands(
        142,
        area('M64 244Q140 150 200 84q60 66 136 160z', c.body),
        area('M200 84q60 66 136 160h-84z', c.shade),
        area('M142 244q44-66 58-124 14 58 58 124z', dark.base),
        area('M142 244q44-66 58-124-4 70-8 124z', c.lit),
        [line('M200 84v160', c.deep, 2), line('M200 80L176 60M200 80l24-20', dark.lit, 5)],
        [line('M64 244l-30 0M336 244h30M110 186l-62 56M290 186l62 56', paper.lit, 2)],
      ),
    side: ({ colour: c, dark, paper }) =>
      stands(
        158,
        area('M42 244q40-130 158-130t158 130z', c.body),
        area('M200 114q118 0 158 130h-90q-10-84-68-130z', c.shade),
        [line('M42 244Q84 118 200 112 316 118 358 244', dark.lit, 4), line('M132 244q8-92 68-132', c.lit, 4)],
        area('M168 244q6-60 32-90 26 30 32 90z', dark.base),
        line('M96 170l-66 72M304 170l66 72', paper.lit, 2),
      ),
  },
  'sleeping-bag': {
    focus: [200, 92],
    front: ({ colour: c, material: m, dark }) =>
      lies(
        area('M148 66q0-40 52-40t52 40l14 96q0 80-30 114h-72q-30-34-30-114z', c.body),
        line(
          each(
            6,
            (at) =>
              `M${140 - Math.min(at, 2) * 2 + Math.max(0, at - 3) * 4} ${118 + at * 26}q${60 - Math.max(0, at - 3) * 4} 12 ${120 - Math.max(0, at - 3) * 8} 0`,
          ),
          c.shade,
          2.5,
        ),
        [oval(200, 76, 36, 34, m.lit), oval(200, 82, 25, 25, dark.base)],
        line('M232 100q12 60-2 150', c.deep, 3),
      ),
    side: ({ colour: c, dark, material: m }) =>
      stands(
        92,
        box(104, 150, 192, 94, c.body, 44),
        [
          disc(256, 197, 47, c.shade),
          disc(256, 197, 38, c.base),
          line('M256 197m-28 0a28 28 0 1 1 14 24M256 197m-14 2a14 14 0 1 1 10 12', m.shade, 4),
        ],
        [
          box(134, 148, 15, 97, dark.base, 4),
          box(188, 148, 15, 97, dark.base, 4),
          box(132, 186, 19, 14, m.lit, 3),
          box(186, 186, 19, 14, m.lit, 3),
        ],
      ),
  },
  'hiking-backpack': {
    focus: [200, 104],
    front: ({ colour: c, dark, accent: a }) =>
      stands(
        74,
        [box(128, 168, 26, 62, c.deep, 10), box(246, 168, 26, 62, c.deep, 10)],
        area('M142 110q0-30 58-30t58 30l8 116q0 18-18 18h-96q-18 0-18-18z', c.body),
        box(160, 172, 80, 60, c.shade, 14),
        area('M136 94q4-46 64-46t64 46v16q0 10-10 10h-108q-10 0-10-10z', c.body),
        line('M136 100h128', c.deep, 2),
        [
          box(168, 108, 9, 72, dark.base),
          box(223, 108, 9, 72, dark.base),
          box(165, 142, 15, 12, a.lit, 3),
          box(220, 142, 15, 12, a.lit, 3),
        ],
        [line('M186 48q14-16 28 0', dark.base, 5), line('M176 190h48', c.lit, 3)],
      ),
    side: ({ colour: c, dark, accent: a }) =>
      standsAt(
        196,
        62,
        line('M248 108q40 50-6 122', dark.base, 10),
        area('M158 96q4-46 52-46 36 0 40 46v132q0 16-16 16h-60q-16 0-16-16z', c.body),
        area('M158 152q-30 8-30 40t30 40z', c.shade),
        area('M152 92q6-48 58-48 36 0 40 48v14h-98z', c.base),
        line('M152 104h98', c.deep, 2),
        [
          box(196, 104, 9, 84, dark.base),
          box(193, 140, 15, 12, a.lit, 3),
          line('M242 186q24 6 10 40', dark.lit, 8),
        ],
        box(178, 190, 40, 54, c.deep, 10),
      ),
  },
  'rain-jacket': {
    focus: [200, 112],
    front: ({ colour: c, dark, paper }) =>
      hangs(
        line('M200 44q0-14 10-14', dark.lit, 4),
        area('M154 84l-46 30-26 98 30 12 30-70zM246 84l46 30 26 98-30 12-30-70z', c.shade),
        area('M154 84q46-18 92 0l20 34-8 146h-116l-8-146z', c.body),
        area('M160 88q-4-44 40-44t40 44q-40 26-80 0z', c.base),
        area('M170 86q-2-30 30-30t30 30q-30 18-60 0z', c.deep),
        [line('M200 98v164', paper.lit, 3), line('M192 104v158', c.deep, 1.5)],
        [line('M156 200l26 16M244 200l-26 16', c.deep, 3), line('M184 96v26M216 96v26', paper.lit, 2)],
      ),
    side: ({ colour: c, dark, paper }) =>
      hangs(
        line('M200 46q0-14 10-14', dark.lit, 4),
        area('M160 86l-44 30-26 96 30 12 28-68zM240 86l44 30 26 96-30 12-28-68z', c.shade),
        area('M160 86q40-16 80 0l18 32-6 146h-104l-6-146z', c.body),
        area('M164 92q-6-48 36-48t36 48q-36 30-72 0z', c.lit),
        line('M200 46q8 30 0 62', c.base, 2),
        [
          area('M146 136q54 20 108 0v8q-54 20-108 0z', c.deep),
          line('M150 246h100', c.deep, 2),
          line('M188 146q12 5 24 0', paper.lit, 4),
        ],
      ),
  },
  'camping-stove': {
    focus: [200, 148],
    front: ({ colour: c, material: m, steel }) =>
      stands(
        62,
        [
          area('M146 76h108v54q0 10-10 10h-88q-10 0-10-10z', m.body),
          box(140, 68, 120, 10, m.lit, 5),
          line('M258 92h42', m.shade, 8),
        ],
        each(5, (at) =>
          area(`M${164 + at * 16} 164q-7-10 2-20 8 10 4 20z`, at % 2 === 0 ? '#6f9fd8' : '#8fc0ee'),
        ),
        [
          line('M150 142h100M160 142l14 26M240 142l-14 26', steel.deep, 5),
          box(172, 162, 56, 12, steel.body, 6),
          box(192, 172, 16, 18, steel.shade),
          line('M208 182h32', steel.base, 5),
          disc(242, 182, 6, c.lit),
        ],
        [
          area('M142 206q0-18 58-18t58 18v26q0 12-12 12h-92q-12 0-12-12z', c.body),
          box(142, 212, 116, 8, c.lit),
        ],
      ),
    side: ({ colour: c, material: m, steel }) =>
      stands(
        112,
        each(3, (at) => turned(at * 120 - 90, 240, 208, line('M240 208h58', steel.base, 6))),
        [
          oval(240, 206, 40, 16, steel.deep),
          oval(240, 200, 40, 16, steel.body),
          each(8, (at) => disc(212 + at * 8, 199 + (at % 2) * 5, 3, '#6f9fd8')),
        ],
        line('M206 212q-30 22-62-6', c.deep, 6),
        [
          area('M72 176q0-18 44-18t44 18v54q0 14-14 14h-60q-14 0-14-14z', c.body),
          box(72, 186, 88, 10, c.lit),
          box(106, 142, 20, 18, m.body, 4),
        ],
      ),
  },
  'head-torch': {
    focus: [200, 184],
    front: ({ colour: c, accent: a, material: m, dark }) =>
      stands(
        76,
        line('M104 176a96 60 0 1 1 192 0a96 34 0 1 1-192 0', a.shade, 19),
        line('M104 176a96 60 0 1 1 192 0a96 34 0 1 1-192 0', a.base, 9),
        line('M200 116v48', a.shade, 10),
        box(142, 156, 116, 76, c.body, 24),
        [
          disc(200, 194, 31, dark.base),
          disc(200, 194, 26, m.body),
          disc(200, 194, 17, '#fff2cf'),
          disc(194, 188, 6, '#fff'),
        ],
        [disc(156, 194, 5, c.lit), disc(244, 194, 5, '#c5563f')],
      ),
    side: ({ colour: c, accent: a, material: m, dark }) =>
      standsAt(
        210,
        92,
        area('M126 184L20 120v140z', '#fff2cf66'),
        line('M150 180q20-96 110-92 64 10 62 90 0 46-20 60', a.shade, 18),
        line('M156 174q20-82 104-80 56 10 56 84', a.base, 8),
        [
          box(150, 150, 48, 78, c.body, 16),
          turned(12, 140, 186, box(118, 160, 44, 52, dark.base, 10), box(112, 164, 12, 44, m.body, 5)),
        ],
        box(288, 198, 38, 46, c.shade, 10),
      ),
  },
  'trekking-poles': {
    focus: [200, 84],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        60,
        each(2, (at) =>
          turned(
            at === 0 ? -7 : 7,
            200,
            244,
            line('M200 96V240', m.base, 5),
            line('M200 150v90', c.base, 6),
            [box(194, 140, 12, 14, dark.base, 3), box(194, 190, 12, 12, dark.base, 3)],
            [
              area('M192 40q8-8 16 0l4 56h-24z', c.body),
              box(190, 66, 20, 6, c.deep),
              line('M208 50q22 22-2 50', dark.lit, 4),
            ],
            oval(200, 228, 16, 4, dark.base),
          ),
        ),
      ),
    side: ({ colour: c, material: m, dark }) =>
      lies(
        each(2, (at) =>
          turned(
            -24 + at * 12,
            200,
            150 + at * 10,
            line(`M130 ${130 + at * 44}h220`, m.base, 6),
            line(`M236 ${130 + at * 44}h114`, c.base, 8),
            [
              box(226, 122 + at * 44, 16, 16, dark.base, 4),
              box(296, 122 + at * 44, 14, 16, dark.base, 4),
              disc(338, 130 + at * 44, 13, dark.base),
            ],
            area(`M52 ${122 + at * 44}q-8 8 0 16l80 6v-28z`, c.body),
            each(4, (rib) => box(64 + rib * 15, 120 + at * 44, 4, 20, c.deep)),
          ),
        ),
      ),
  },
  'insulated-bottle': {
    focus: [200, 92],
    front: ({ colour: c, material: m }) =>
      stands(
        42,
        area('M164 112q0-16 14-26h44q14 10 14 26v120q0 12-12 12h-48q-12 0-12-12z', c.body),
        [box(164, 214, 72, 6, c.shade), box(176, 78, 48, 12, m.body, 3)],
        [
          box(172, 48, 56, 32, m.body, 8),
          line(
            each(6, (at) => `M${180 + at * 8} 54v20`),
            m.shade,
            2,
          ),
        ],
        line('M176 124v80', c.lit, 6),
        area('M214 160l-12 20h24z', c.lit),
      ),
    side: ({ colour: c, material: m }) =>
      standsAt(
        188,
        72,
        area('M134 112q0-16 14-26h44q14 10 14 26v120q0 12-12 12h-48q-12 0-12-12z', c.body),
        [oval(170, 84, 24, 8, m.lit), oval(170, 84, 17, 5, m.deep), box(146, 84, 48, 8, m.shade)],
        [
          line('M146 126v80', c.lit, 6),
          line(
            each(2, (at) => `M${162 + at * 18} 70q-8-10 0-20t0-18`),
            '#ffffffb3',
            4,
          ),
        ],
        [
          area('M226 202h58l-4 36q-1 6-8 6h-34q-7 0-8-6z', m.body),
          oval(255, 202, 29, 7, m.lit),
          oval(255, 203, 24, 5, '#9a6a44'),
        ],
      ),
  },
};
