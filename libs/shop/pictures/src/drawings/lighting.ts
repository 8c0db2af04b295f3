import {
  area,
  before,
  box,
  disc,
  each,
  hangs,
  lies,
  line,
  oval,
  stands,
  standsAt,
  turned,
} from '../shapes.js';
import type { Drawings } from './drawing.js';

const GLOW = '#ffdf9a';
const BRIGHT = '#fff4d6';

/** What a lamp lights up. */
const glow = (x: number, y: number, r: number): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="url(#h)"/>`;

export const lighting: Drawings = {
  'desk-lamp': {
    focus: [256, 92],
    front: ({ colour: c, material: m }) =>
      standsAt(
        170,
        54,
        area('M238 112l70 132h-96z', '#ffe9b44d'),
        [line('M168 234L142 138', m.base, 7), line('M142 138L238 74', m.base, 7)],
        [disc(142, 138, 9, c.shade), disc(142, 138, 4, m.lit)],
        turned(
          28,
          248,
          84,
          oval(248, 114, 38, 9, GLOW),
          area('M228 68q20-12 40 0l20 44q-40 12-80 0z', c.body),
        ),
        [area('M118 236q4-12 50-12t50 12z', c.body), box(114, 234, 108, 10, c.shade, 5)],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        54,
        area('M176 108h48l64 136h-176z', '#ffe9b44d'),
        [line('M200 234V78', m.base, 7), disc(200, 144, 9, c.shade), disc(200, 144, 4, m.lit)],
        [area('M174 58q26-14 52 0l20 46q-46 14-92 0z', c.body), oval(200, 105, 46, 9, GLOW)],
        [area('M150 236q4-12 50-12t50 12z', c.body), box(146, 234, 108, 10, c.shade, 5)],
      ),
  },
  'floor-lamp': {
    place: 'floor',
    focus: [200, 92],
    front: ({ colour: c, accent: a, material: m }) =>
      stands(
        44,
        glow(200, 90, 110),
        line('M200 110V232', m.base, 6),
        area('M164 44h72l24 66h-120z', a.body),
        area('M164 44h72l2 6h-76zM142 103h116l2 7h-120z', a.shade),
        oval(200, 110, 60, 6, BRIGHT),
        [oval(200, 238, 44, 9, c.shade), oval(200, 234, 44, 9, c.base)],
      ),
    side: ({ colour: c, accent: a, material: m }) =>
      standsAt(
        180,
        48,
        glow(236, 92, 100),
        line('M176 232q-4-150 22-180 22-18 36 6', m.base, 6),
        area('M206 62h58l22 58h-102z', a.body),
        area('M186 113h98l2 7h-102z', a.shade),
        oval(235, 120, 51, 6, BRIGHT),
        [oval(178, 238, 46, 9, c.shade), oval(178, 234, 46, 9, c.base)],
      ),
  },
  'pendant-light': {
    focus: [200, 140],
    front: ({ colour: c, material: m, accent: a }) =>
      before(
        glow(200, 190, 120),
        hangs(
          line('M200 0V88', '#4b4a52', 2.5),
          box(190, 84, 20, 22, a.shade, 4),
          area('M104 178q4-76 96-76t96 76z', c.body),
          area('M126 166q8-46 52-54-36 22-40 54z', c.lit),
          area('M104 178h192l-3 9h-186z', m.shade),
          oval(200, 187, 92, 8, BRIGHT),
        ),
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      before(
        glow(200, 170, 130),
        hangs(
          line('M200 0V70', '#4b4a52', 2.5),
          box(190, 66, 20, 20, a.shade, 4),
          area('M100 152q6-70 100-70t100 70q0 26-100 26t-100-26z', c.body),
          [oval(200, 158, 98, 27, m.lit), oval(200, 160, 90, 22, GLOW), disc(200, 162, 22, BRIGHT)],
        ),
      ),
  },
  'table-lamp': {
    focus: [200, 168],
    front: ({ colour: c, material: m }) =>
      stands(
        50,
        glow(200, 96, 110),
        area('M178 150q-28 18-28 52 0 30 22 40h56q22-10 22-40 0-34-28-52z', m.body),
        line('M168 186q-8 22 4 42', m.lit, 5),
        box(188, 128, 24, 24, c.shade, 3),
        area('M122 132q6-82 78-82t78 82z', c.body),
        oval(200, 132, 78, 8, BRIGHT),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        50,
        glow(200, 100, 110),
        area('M178 152q-28 18-28 52 0 30 22 40h56q22-10 22-40 0-34-28-52z', m.body),
        [box(188, 118, 24, 36, c.shade, 3), line('M246 236q40 6 52 6t60-4', '#4b4a52', 3)],
        area('M118 116q10-66 82-66t82 66q-4 24-82 24t-82-24z', c.body),
        [oval(200, 122, 80, 19, c.lit), oval(200, 123, 73, 15, GLOW), oval(200, 124, 30, 8, BRIGHT)],
      ),
  },
  'wall-light': {
    focus: [200, 150],
    front: ({ colour: c, material: m }) =>
      before(
        area('M160 116l-52-116h184l-52 116zM160 186l-60 114h200l-60-114z', '#ffe9b44d'),
        hangs(
          box(150, 112, 100, 78, m.body, 10),
          [oval(200, 113, 48, 7, BRIGHT), oval(200, 189, 48, 7, BRIGHT)],
          [box(150, 142, 100, 18, c.body), line('M164 124v54', m.lit, 4)],
        ),
      ),
    side: ({ colour: c, material: m }) =>
      before(
        area('M206 104l-40-104h110zM206 196l-44 104h120z', '#ffe9b44d'),
        hangs(
          box(146, 106, 14, 88, c.shade, 4),
          box(158, 142, 30, 16, c.base),
          area('M186 104h36q18 0 18 18v56q0 18-18 18h-36z', m.body),
          [box(186, 101, 42, 6, BRIGHT, 3), box(186, 193, 42, 6, BRIGHT, 3), box(186, 143, 54, 14, c.body)],
        ),
      ),
  },
  'rechargeable-lantern': {
    focus: [200, 172],
    front: ({ colour: c, material: m }) =>
      stands(
        58,
        line('M150 96q0-56 50-56t50 56', m.shade, 6),
        [box(148, 92, 104, 20, c.body, 8), box(156, 112, 88, 104, '#fff1cd', 4)],
        glow(200, 164, 96),
        [disc(200, 164, 22, BRIGHT), each(2, (at) => box(166 + at * 60, 112, 8, 104, m.base))],
        [box(144, 214, 112, 30, c.body, 8), disc(200, 229, 6, GLOW)],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        58,
        line('M200 96q-64-4-62 34', m.shade, 6),
        [box(152, 88, 96, 24, c.body, 8), box(158, 112, 84, 104, '#fff1cd', 4)],
        glow(200, 164, 96),
        [disc(200, 164, 20, BRIGHT), box(196, 112, 8, 104, m.base)],
        [box(148, 214, 104, 30, c.body, 8), box(190, 226, 20, 7, c.deep, 3.5)],
      ),
  },
  'reading-light': {
    focus: [150, 92],
    front: ({ colour: c, material: m, paper }) =>
      standsAt(
        214,
        96,
        area('M150 104l-30 130h190l-110-130z', '#ffe9b44d'),
        [
          area('M118 214q46-18 92 0v28q-46-16-92 0z', paper.body),
          area('M210 214q46-18 92 0v28q-46-16-92 0z', paper.lit),
        ],
        line(
          each(3, (at) => `M132 ${220 + at * 6}q32-10 64-1M226 ${220 + at * 6}q32-10 64-1`),
          paper.deep,
          1.2,
        ),
        line('M284 220q40-130-36-146-28-4-66 10', m.base, 8),
        turned(-14, 166, 88, box(118, 78, 78, 22, c.body, 10), box(124, 97, 66, 6, BRIGHT, 3)),
        box(274, 208, 22, 36, c.body, 6),
      ),
    side: ({ colour: c, material: m }) =>
      lies(
        line('M262 214Q318 96 206 92q-34 0-60 22', m.base, 9),
        turned(
          -34,
          130,
          124,
          box(84, 110, 92, 26, c.body, 12),
          each(5, (at) => disc(102 + at * 14, 123, 4, GLOW)),
        ),
        [box(236, 196, 56, 34, c.body, 8), box(244, 218, 52, 24, c.shade, 8), disc(264, 212, 5, c.lit)],
      ),
  },
  'string-lights': {
    focus: [130, 150],
    front: ({ material: m, brass }) =>
      before(
        strung.map(([x, y]) => glow(x, y + 34, 44)).join(''),
        hangs(
          line('M0 76Q100 156 200 110T400 70', m.deep, 4),
          each(6, (at) => {
            const [x, y] = strung[at] ?? [0, 0];
            return `${line(`M${x} ${y}v6`, m.deep, 4)}${box(x - 7, y + 4, 14, 13, brass.shade, 3)}${area(`M${x - 6} ${y + 16}h12q9 10 9 19a15 15 0 0 1-30 0q0-9 9-19z`, at % 2 === 0 ? GLOW : BRIGHT)}`;
          }),
        ),
      ),
    side: ({ colour: c, material: m, brass }) =>
      lies(
        line('M118 150a82 62 0 1 1 164 0a82 62 0 1 1-164 0a66 48 0 1 1 132 4a56 40 0 1 1-112-8', m.deep, 6),
        each(7, (at) => {
          const angle = (at / 7) * Math.PI * 2 + 0.3;
          const [x, y] = [Math.round(200 + Math.cos(angle) * 92), Math.round(150 + Math.sin(angle) * 72)];
          const degrees = Math.round((angle * 180) / Math.PI) - 90;
          return turned(
            degrees,
            x,
            y,
            box(x - 7, y - 6, 14, 13, brass.shade, 3),
            area(`M${x - 6} ${y + 6}h12q9 10 9 19a15 15 0 0 1-30 0q0-9 9-19z`, at % 2 === 0 ? GLOW : BRIGHT),
          );
        }),
        box(182, 138, 40, 24, c.body, 6),
      ),
  },
};

/** Where bulbs hang. */
const strung: readonly (readonly [x: number, y: number])[] = [
  [34, 100],
  [96, 126],
  [162, 122],
  [228, 100],
  [296, 88],
  [362, 78],
];
