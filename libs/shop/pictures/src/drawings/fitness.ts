import {
  area,
  box,
  disc,
  each,
  hangs,
  lies,
  line,
  moved,
  oval,
  ring,
  stands,
  standsAt,
  turned,
} from '../shapes.js';
import type { Tone } from '../tones.js';
import type { Drawings } from './drawing.js';

const dumbbell = (c: Tone, m: Tone, y: number): string =>
  [
    box(150, y - 8, 100, 16, m.body, 4),
    line(
      each(7, (at) => `M${164 + at * 12} ${y - 6}l-6 12`),
      m.shade,
      2,
    ),
    box(108, y - 34, 28, 68, c.body, 8),
    box(132, y - 28, 20, 56, c.shade, 5),
    box(264, y - 34, 28, 68, c.body, 8),
    box(248, y - 28, 20, 56, c.shade, 5),
  ].join('');

export const fitness: Drawings = {
  'yoga-mat': {
    focus: [132, 190],
    front: ({ colour: c, material: m, dark }) =>
      stands(136, area('M128 244l52-62h196l-30 62z', c.shade), area('M150 236l38-46h176l-22 46z', c.base), [
        oval(124, 194, 50, 50, c.body),
        oval(124, 194, 40, 40, m.shade),
        oval(124, 194, 36, 36, c.base),
        oval(124, 194, 26, 26, m.shade),
        oval(124, 194, 22, 22, c.base),
        oval(124, 194, 11, 11, m.shade),
        oval(124, 194, 7, 7, dark.base),
      ]),
    side: ({ colour: c, material: m, dark }) =>
      standsAt(
        200,
        46,
        [line('M236 80q56 60-2 140', dark.lit, 8)],
        box(158, 50, 84, 190, c.body, 8),
        [
          oval(200, 52, 42, 13, c.lit),
          `<ellipse cx="200" cy="52" rx="30" ry="9" fill="none" stroke="${m.shade}" stroke-width="3"/><ellipse cx="200" cy="52" rx="17" ry="5" fill="none" stroke="${m.shade}" stroke-width="3"/>`,
        ],
        [box(154, 96, 92, 12, dark.base, 4), box(154, 192, 92, 12, dark.base, 4)],
      ),
  },
  kettlebell: {
    focus: [200, 120],
    front: ({ colour: c, material: m }) =>
      stands(
        72,
        line('M158 148q-22-86 42-86t42 86', c.shade, 25),
        line('M158 146q-20-80 42-82t40 82', c.base, 17),
        line('M160 106q6-34 34-36', c.lit, 5),
        area('M128 190q0-66 72-66t72 66q0 34-28 54h-88q-28-20-28-54z', c.body),
        [disc(200, 186, 28, m.shade), disc(200, 186, 25, c.lit), box(188, 174, 24, 24, c.shade, 4)],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        70,
        [box(188, 56, 24, 92, c.shade, 12), box(190, 56, 16, 92, c.base, 8)],
        area('M130 190q0-66 70-66t70 66q0 34-28 54h-84q-28-20-28-54z', c.body),
        [line('M152 176q6-30 34-36', c.lit, 6), box(150, 232, 100, 6, m.shade, 3)],
      ),
  },
  'dumbbell-pair': {
    focus: [134, 206],
    front: ({ colour: c, material: m }) =>
      stands(112, moved(42, -26, 1, dumbbell(c, m, 210)), moved(-26, 0, 1, dumbbell(c, m, 210))),
    side: ({ colour: c, material: m }) =>
      stands(
        96,
        [
          area('M112 182l18-32h36l18 32-18 32h-36z', c.deep),
          area('M104 212l20-34h40l20 34-20 32h-40z', c.body),
          disc(144, 211, 16, m.body),
          disc(144, 211, 7, m.shade),
        ],
        [
          area('M216 212l20-34h40l20 34-20 32h-40z', c.body),
          disc(256, 211, 16, m.body),
          disc(256, 211, 7, m.shade),
        ],
        [
          area('M160 150l20-34h40l20 34-20 32h-40z', c.body),
          disc(200, 149, 16, m.body),
          disc(200, 149, 7, m.shade),
        ],
      ),
  },
  'resistance-band-set': {
    focus: [150, 120],
    front: ({ colour: c, material: m }) =>
      lies(
        each(
          4,
          (at) =>
            `<rect x="${84 + at * 60}" y="62" width="${26 + at * 5}" height="176" rx="${13 + at * 2.5}" fill="none" stroke="${[c.lit, c.base, m.base, c.deep][at]}" stroke-width="${8 + at * 3}"/>`,
        ),
        each(
          4,
          (at) =>
            `<rect x="${81 + at * 60}" y="136" width="${32 + at * 5}" height="26" rx="3" fill="#f4eee2"/>`,
        ),
        each(4, (at) =>
          line(`M${88 + at * 60} 149h${18 + at * 5}`, [c.lit, c.base, m.base, c.deep][at] ?? c.base, 4),
        ),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        104,
        each(
          4,
          (at) =>
            `<ellipse cx="${128 + at * 48}" cy="${208 - (at % 2) * 10}" rx="${40 - at * 2}" ry="${34 + (at % 2) * 10}" fill="none" stroke="${[c.lit, c.base, m.base, c.deep][at]}" stroke-width="${9 + at * 2}"/>`,
        ),
      ),
  },
  'foam-roller': {
    focus: [130, 186],
    front: ({ colour: c, material: m, dark }) =>
      stands(
        128,
        area('M116 132h180q34 0 34 56t-34 56h-180z', c.body),
        each(3, (row) =>
          each(6, (at) => box(166 + at * 25 - (row % 2) * 8, 142 + row * 34, 19, 22, c.shade, 6)),
        ),
        [oval(116, 188, 40, 56, c.lit), oval(116, 188, 30, 43, m.shade), oval(116, 188, 22, 33, dark.base)],
      ),
    side: ({ colour: c, material: m, dark }) =>
      stands(
        64,
        box(142, 60, 116, 180, c.body, 6),
        each(5, (row) =>
          each(4, (at) => box(152 + at * 26 - (row % 2) * 6, 84 + row * 30, 19, 20, c.shade, 6)),
        ),
        [oval(200, 62, 58, 18, c.lit), oval(200, 62, 42, 12, m.shade), oval(200, 62, 32, 8, dark.base)],
      ),
  },
  'skipping-rope': {
    focus: [150, 112],
    front: ({ colour: c, material: m, accent: a }) =>
      lies(
        line('M138 176q-70 60 20 80t120-30-50-110-130 0 10 130 150 20 50-100-34-94', m.deep, 6),
        [
          turned(
            14,
            132,
            110,
            box(118, 44, 28, 128, a.body, 13),
            box(116, 160, 32, 16, c.base, 5),
            box(118, 64, 28, 7, c.base),
            each(3, (at) => box(119, 96 + at * 14, 26, 3, a.shade)),
          ),
        ],
        turned(
          -16,
          268,
          110,
          box(254, 44, 28, 128, a.body, 13),
          box(252, 160, 32, 16, c.base, 5),
          box(254, 64, 28, 7, c.base),
          each(3, (at) => box(255, 96 + at * 14, 26, 3, a.shade)),
        ),
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      hangs(
        [
          disc(200, 52, 9, a.shade),
          line('M196 54q-70 70-40 150M204 54q70 70 40 150M198 54q-30 120 0 170t4-170', m.deep, 5),
        ],
        [
          box(142, 190, 24, 88, a.body, 11),
          box(140, 184, 28, 14, c.base, 5),
          box(234, 190, 24, 88, a.body, 11),
          box(232, 184, 28, 14, c.base, 5),
        ],
      ),
  },
  'pull-up-bar': {
    focus: [122, 110],
    front: ({ colour: c, material: m, accent: a, dark }) =>
      hangs(
        [
          box(40, 0, 34, 300, '#ffffff66'),
          box(326, 0, 34, 300, '#ffffff66'),
          line('M74 0v300M326 0v300', '#00000014', 3),
        ],
        [
          box(74, 98, 252, 18, m.body, 4),
          box(74, 84, 14, 46, dark.base, 4),
          box(312, 84, 14, 46, dark.base, 4),
        ],
        [
          box(112, 94, 58, 26, c.body, 12),
          box(230, 94, 58, 26, c.body, 12),
          each(
            5,
            (at) =>
              `${line(`M${122 + at * 10} 98v18`, c.shade, 2)}${line(`M${240 + at * 10} 98v18`, c.shade, 2)}`,
          ),
        ],
        [
          line('M186 118v96M214 118v96', a.base, 4),
          ring(186, 232, 18, a.shade, 6),
          ring(214, 232, 18, c.base, 6),
        ],
      ),
    side: ({ colour: c, material: m, dark }) =>
      lies(
        turned(
          -24,
          200,
          150,
          box(40, 140, 320, 20, m.body, 5),
          [box(30, 128, 22, 44, dark.base, 8), box(348, 128, 22, 44, dark.base, 8)],
          [box(84, 134, 76, 32, c.body, 14), box(240, 134, 76, 32, c.body, 14)],
          each(
            6,
            (at) =>
              `${line(`M${96 + at * 11} 139v22`, c.shade, 2.5)}${line(`M${252 + at * 11} 139v22`, c.shade, 2.5)}`,
          ),
          box(190, 134, 20, 32, m.shade, 4),
        ),
      ),
  },
  'balance-board': {
    focus: [142, 178],
    front: ({ colour: c, material: m, accent: a }) =>
      stands(
        96,
        [disc(206, 216, 28, a.shade), disc(204, 214, 25, a.base), disc(204, 214, 9, a.deep)],
        turned(
          -9,
          200,
          178,
          area('M56 166q0-8 14-6 130 20 260 0 14-2 14 6 0 12-16 14-128 18-256 0-16-2-16-14z', m.body),
          area('M60 163q140 24 280 0l2 6q-142 24-284 0z', m.lit),
          box(98, 166, 56, 9, c.base, 4),
          box(246, 166, 56, 9, c.base, 4),
        ),
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      lies(
        turned(
          -16,
          200,
          150,
          box(52, 104, 296, 92, m.body, 44),
          line(
            each(4, (at) => `M76 ${120 + at * 20}q124-6 248 0`),
            m.shade,
            1.2,
          ),
          [box(86, 112, 60, 76, c.base, 12), box(254, 112, 60, 76, c.base, 12)],
          [
            each(
              4,
              (at) =>
                `${line(`M94 ${124 + at * 17}h44`, c.lit, 2.5)}${line(`M262 ${124 + at * 17}h44`, c.lit, 2.5)}`,
            ),
            disc(200, 150, 14, a.base),
            disc(200, 150, 6, a.deep),
          ],
        ),
      ),
  },
};
