import { area, box, disc, each, lies, line, oval, ring, stands, standsAt, turned } from '../shapes.js';
import type { Drawings } from './drawing.js';

export const stationery: Drawings = {
  'fountain-pen': {
    focus: [108, 172],
    front: ({ colour: c, material: m, brass }) =>
      lies(
        line('M50 236q20-24 36-4t30-8 22-4', c.deep, 3),
        turned(
          -24,
          200,
          150,
          area('M44 150l52-18v36z', brass.body),
          [line('M50 150h38', brass.deep, 1.5), disc(84, 150, 3, brass.deep)],
          area('M94 132q8-6 30-6v48q-22 0-30-6z', m.shade),
          [
            box(122, 122, 128, 56, c.body, 6),
            box(244, 122, 10, 56, brass.base),
            box(252, 124, 92, 52, c.body, 8),
            box(338, 126, 14, 48, brass.base, 6),
          ],
          [box(128, 130, 214, 6, c.lit, 3), area('M256 116h70q14 0 14 12h-8q0-4-8-4h-68z', brass.shade)],
        ),
      ),
    side: ({ colour: c, brass, paper }) =>
      lies(
        turned(
          6,
          200,
          170,
          box(82, 60, 230, 200, paper.lit, 3),
          line(
            each(6, (at) => `M104 ${92 + at * 26}h186`),
            paper.shade,
            1.5,
          ),
        ),
        turned(-52, 210, 150, box(80, 136, 190, 34, c.body, 17), [
          box(176, 136, 8, 34, brass.base),
          box(86, 142, 178, 4, c.lit, 2),
          area('M98 130h70q8 0 8 8h-78z', brass.shade),
          disc(84, 153, 6, brass.base),
        ]),
      ),
  },
  notebook: {
    focus: [258, 120],
    front: ({ colour: c, material: m, paper }) =>
      lies(
        turned(
          -8,
          200,
          150,
          [
            box(122, 42, 168, 222, paper.shade, 6),
            box(118, 38, 168, 222, c.body, 8),
            box(118, 38, 22, 222, c.deep, 6),
          ],
          [
            box(258, 38, 8, 222, m.lit),
            box(164, 88, 78, 44, paper.base, 3),
            line('M176 104h54M176 116h36', paper.deep, 2.5),
          ],
          area('M206 260v26l7-8 7 8v-26z', m.base),
        ),
      ),
    side: ({ colour: c, material: m, paper }) =>
      lies(
        [
          box(54, 68, 292, 176, c.base, 8),
          area('M62 76q70-14 138 4v156q-68-18-138-4z', paper.body),
          area('M338 76q-70-14-138 4v156q68-18 138-4z', paper.lit),
        ],
        line(
          each(6, (at) => `M78 ${104 + at * 21}q54-10 106 3M216 ${107 + at * 21}q52-13 106-3`),
          paper.shade,
          1.5,
        ),
        [line('M200 80v156', paper.deep, 2), area('M206 80v182l7-9 7 9v-178z', m.base)],
      ),
  },
  'mechanical-pencil': {
    focus: [112, 180],
    front: ({ colour: c, material: m, dark }) =>
      lies(
        turned(
          -26,
          200,
          150,
          [line('M40 150h24', dark.base, 3), area('M60 145l44-16v42l-44-16z', m.body)],
          [
            box(102, 128, 76, 44, m.body, 3),
            line(
              each(9, (at) => `M${110 + at * 8} 130v40`),
              m.shade,
              2,
            ),
          ],
          [
            box(176, 128, 150, 44, c.body, 4),
            box(180, 134, 142, 6, c.lit, 3),
            box(322, 134, 32, 32, m.base, 5),
            box(318, 128, 10, 44, m.shade),
          ],
          area('M236 122h72q12 0 12 10h-84z', m.shade),
        ),
      ),
    side: ({ colour: c, material: m, dark, paper }) =>
      lies(
        turned(
          4,
          200,
          160,
          box(70, 66, 260, 176, paper.lit, 3),
          line('M100 200q40-70 80-20t70-40 50-20', dark.lit, 2.5),
          line('M100 212h190', paper.shade, 1.5),
        ),
        turned(
          -38,
          236,
          148,
          [
            line('M120 150h14', dark.base, 3),
            area('M130 146l30-10v28l-30-10z', m.body),
            box(158, 134, 50, 32, m.body, 3),
            line(
              each(6, (at) => `M${164 + at * 8} 136v28`),
              m.shade,
              2,
            ),
          ],
          [
            box(206, 134, 104, 32, c.body, 4),
            box(308, 138, 24, 24, m.base, 4),
            box(210, 139, 96, 4, c.lit, 2),
          ],
        ),
      ),
  },
  'desk-organiser': {
    focus: [160, 180],
    front: ({ colour: c, material: m, brass, paper }) =>
      stands(
        112,
        [
          turned(-6, 126, 150, box(120, 84, 9, 120, c.base, 4)),
          turned(5, 148, 150, box(144, 70, 9, 130, brass.base, 4)),
          box(134, 96, 8, 100, c.deep, 3),
        ],
        [
          turned(-3, 220, 150, box(180, 96, 92, 110, paper.lit, 2)),
          turned(2, 230, 150, box(190, 110, 90, 100, c.lit, 2)),
        ],
        [box(96, 150, 72, 94, m.body, 4), box(164, 176, 140, 68, m.body, 4)],
        [
          box(96, 150, 72, 9, m.lit, 4),
          box(164, 176, 140, 9, m.lit, 4),
          box(176, 204, 116, 30, m.shade, 4),
          disc(234, 219, 5, brass.base),
        ],
        [line('M104 176q30-6 56 0M104 206q30-6 56 0', m.shade, 1.3), box(96, 232, 72, 4, c.base)],
      ),
    side: ({ colour: c, material: m, brass }) =>
      stands(
        70,
        [turned(8, 220, 120, box(216, 66, 9, 120, c.base, 4)), box(200, 78, 9, 110, brass.base, 4)],
        area('M134 184l52-10v-34l76-8v112h-128z', m.body),
        [
          area('M134 184l52-10v8l-52 10zM186 140l76-8v9l-76 8z', m.lit),
          line('M196 158q40 8 56 0M150 210q50 8 100 0', m.shade, 1.4),
          box(134, 232, 128, 4, c.base),
        ],
      ),
  },
  'weekly-planner': {
    focus: [150, 108],
    front: ({ colour: c, material: m, steel, paper }) =>
      lies(
        turned(
          5,
          200,
          150,
          box(64, 66, 272, 176, c.deep, 8),
          [
            box(72, 74, 256, 160, paper.lit, 4),
            box(72, 74, 256, 28, c.body, 4),
            line('M90 88h70', paper.lit, 5),
          ],
          line(
            each(6, (at) => `M${108.6 + at * 36.6} 102v132`),
            paper.shade,
            1.5,
          ),
          each(7, (at) =>
            box(
              78 + at * 36.6,
              112 + ((at * 29) % 50),
              24,
              16 + ((at * 13) % 22),
              at % 3 === 0 ? c.lit : at % 3 === 1 ? m.lit : c.base,
              3,
            ),
          ),
          each(8, (at) => `${line(`M${92 + at * 31} 58v18`, steel.deep, 4)}`),
        ),
      ),
    side: ({ colour: c, material: m, steel, paper }) =>
      stands(
        108,
        area('M122 244l40-150h128l38 150z', c.deep),
        area('M96 244L140 88h128l-22 156z', c.base),
        area('M106 236l40-140h112l-18 140z', paper.lit),
        [
          area('M146 96h112l-3 22h-115z', c.body),
          line(
            each(4, (at) => `M${134 - at * 6} ${140 + at * 24}h${118 - at * 2}`),
            paper.shade,
            1.5,
          ),
          box(150, 146, 34, 12, c.lit, 3),
          box(186, 194, 40, 12, m.base, 3),
        ],
        each(6, (at) => ring(152 + at * 20, 90, 7, steel.deep, 3)),
      ),
  },
  'writing-paper-set': {
    focus: [256, 176],
    front: ({ colour: c, paper, material: m }) =>
      lies(
        turned(
          -9,
          160,
          140,
          box(78, 44, 160, 208, paper.shade, 2),
          box(74, 40, 160, 208, m.lit, 2),
          line(
            each(5, (at) => `M96 ${96 + at * 24}h116`),
            paper.shade,
            1.5,
          ),
          box(96, 62, 46, 8, c.base, 2),
        ),
        turned(
          8,
          260,
          190,
          box(176, 132, 170, 112, paper.base, 4),
          area('M176 136q0-4 4-4h162q4 0 4 4l-85 64z', paper.shade),
          area('M180 132h162l-81 58z', paper.lit),
          disc(261, 188, 17, c.base),
          disc(261, 188, 11, c.lit),
        ),
      ),
    side: ({ colour: c, paper, material: m }) =>
      stands(
        112,
        [box(92, 200, 216, 44, c.body, 4), box(92, 200, 216, 8, c.lit, 4)],
        each(5, (at) => box(104, 192 - at * 7, 192, 6, at % 2 === 0 ? paper.lit : m.base, 1)),
        [
          turned(
            -5,
            200,
            140,
            box(118, 104, 164, 52, paper.base, 3),
            area('M118 106l82 34 82-34z', paper.shade),
            disc(200, 136, 12, c.base),
          ),
          box(188, 200, 24, 44, c.deep),
        ],
      ),
  },
  'pencil-case': {
    focus: [300, 150],
    front: ({ colour: c, material: m, brass }) =>
      lies(
        turned(
          -10,
          200,
          150,
          [
            turned(
              -9,
              120,
              104,
              box(70, 84, 120, 13, '#d9a765', 3),
              area('M70 84l-20 6.500 20 6.500z', '#f0ddba'),
            ),
            turned(6, 140, 90, box(90, 66, 120, 13, m.lit, 3)),
          ],
          box(60, 104, 280, 112, c.body, 40),
          [
            line('M84 126h232', brass.shade, 7),
            line('M84 126h232', brass.lit, 2),
            box(306, 118, 40, 16, brass.base, 6),
            box(340, 121, 22, 10, m.shade, 5),
          ],
          box(168, 164, 64, 26, m.shade, 4),
        ),
      ),
    side: ({ colour: c, material: m, brass }) =>
      stands(
        118,
        [
          turned(14, 120, 130, box(114, 78, 10, 90, '#d9a765', 2)),
          turned(-6, 160, 130, box(156, 66, 10, 100, m.lit, 2)),
          turned(8, 196, 130, box(192, 74, 10, 90, c.deep, 2)),
        ],
        area('M84 160q116 16 232 0l8 60q0 24-26 24h-196q-26 0-26-24z', c.body),
        [
          area('M84 160q116 16 232 0-60-16-116-16t-116 16z', c.deep),
          line('M84 160q116 16 232 0', brass.base, 4),
          box(172, 196, 60, 22, m.shade, 4),
          box(306, 156, 16, 26, brass.base, 5),
        ],
      ),
  },
  'ink-bottle': {
    focus: [200, 180],
    front: ({ colour: c, dark, paper }) =>
      stands(
        70,
        area('M148 128h104q26 16 26 44v54q0 18-18 18h-120q-18 0-18-18v-54q0-28 26-44z', '#ffffff73'),
        area('M132 168h136v54q0 12-12 12h-112q-12 0-12-12z', c.body),
        line('M134 166q4-20 22-32', '#ffffffb3', 4),
        [
          box(154, 92, 92, 40, dark.body, 6),
          line(
            each(9, (at) => `M${164 + at * 9} 98v28`),
            dark.shade,
            2.5,
          ),
        ],
        [
          box(162, 176, 76, 44, paper.base, 3),
          disc(200, 192, 7, c.base),
          line('M182 208h36', paper.deep, 2.5),
        ],
      ),
    side: ({ colour: c, dark, paper, brass }) =>
      standsAt(
        186,
        80,
        area('M118 150h84q22 14 22 38v40q0 16-16 16h-96q-16 0-16-16v-40q0-24 22-38z', '#ffffff73'),
        area('M104 182h112v44q0 10-10 10h-92q-10 0-10-10z', c.body),
        [oval(160, 150, 42, 10, '#ffffffa6'), oval(160, 150, 33, 7, c.deep)],
        turned(24, 206, 90, area('M198 120l8 34 8-34z', brass.base), box(196, 30, 20, 92, c.base, 8)),
        [
          box(244, 208, 84, 36, dark.body, 6),
          oval(286, 208, 42, 9, dark.lit),
          line('M120 196v26', paper.lit, 3),
        ],
      ),
  },
};
