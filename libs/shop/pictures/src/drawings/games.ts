import { area, box, disc, each, lies, line, oval, ring, stands, turned } from '../shapes.js';
import type { Tone } from '../tones.js';
import type { Drawings } from './drawing.js';

/** A playing card, face up. */
const card = (x: number, y: number, degrees: number, paper: Tone, mark: string): string =>
  turned(
    degrees,
    x,
    y + 60,
    box(x - 42, y - 60, 84, 120, paper.lit, 9),
    box(x - 34, y - 52, 68, 104, paper.base, 5),
    disc(x, y, 20, mark),
    disc(x - 24, y - 41, 6, mark),
    disc(x + 24, y + 41, 6, mark),
  );

export const games: Drawings = {
  'building-blocks': {
    focus: [168, 172],
    front: ({ hues: [red, yellow, green, blue], material: m }) =>
      stands(
        104,
        [box(104, 188, 56, 56, red), box(164, 188, 72, 56, m.body), box(240, 188, 56, 56, blue)],
        [
          area('M172 244v-20q0-28 28-28t28 28v20z', '#0000001f'),
          box(120, 132, 56, 56, green),
          box(176, 132, 56, 56, yellow),
          box(232, 160, 56, 28, m.body),
        ],
        [
          area('M132 132l36-48 36 48z', red),
          box(212, 76, 28, 56, m.body),
          area('M200 76a26 26 0 0 1 52 0z', blue),
        ],
        [
          box(104, 188, 14, 56, '#ffffff33'),
          box(240, 188, 14, 56, '#ffffff33'),
          box(120, 132, 14, 56, '#ffffff33'),
          box(176, 132, 14, 56, '#ffffff33'),
        ],
      ),
    side: ({ hues: [red, yellow, green, blue], material: m }) =>
      stands(
        120,
        [
          area('M80 204h64v40h-64z', yellow),
          area('M144 204l16-12v40l-16 12z', '#0003'),
          area('M80 204l16-12h64l-16 12z', '#fff6'),
        ],
        [
          box(172, 176, 28, 68, m.body),
          box(248, 176, 28, 68, m.body),
          area('M164 148h120v28h-120z', green),
          area('M190 148a34 34 0 0 1 68 0z', red),
        ],
        [disc(318, 222, 22, blue), disc(311, 214, 7, '#ffffff66'), area('M96 192l26-40 26 40z', red)],
      ),
  },
  'strategy-board-game': {
    focus: [250, 130],
    front: ({ hues, material: m, paper }) =>
      lies(
        turned(
          -6,
          200,
          150,
          box(76, 56, 248, 188, m.body, 8),
          box(86, 66, 228, 168, paper.base, 4),
          each(20, (at) =>
            hexagon(
              124 + (at % 5) * 40 + (Math.floor(at / 5) % 2) * 20 - 8,
              92 + Math.floor(at / 5) * 38,
              hues[(at * 7 + Math.floor(at / 3)) % 4] ?? m.base,
            ),
          ),
        ),
        each(
          4,
          (at) =>
            `${disc(150 + at * 42, 118 + (at % 2) * 62, 13, '#00000026')}${disc(148 + at * 42, 114 + (at % 2) * 62, 12, hues[at] ?? m.base)}${disc(146 + at * 42, 108 + (at % 2) * 62, 7, '#ffffff80')}`,
        ),
        turned(
          18,
          300,
          206,
          box(284, 190, 32, 32, paper.lit, 6),
          disc(293, 199, 3, '#45444c'),
          disc(307, 213, 3, '#45444c'),
          disc(300, 206, 3, '#45444c'),
        ),
      ),
    side: ({ hues: [red, yellow, green, blue], material: m, paper }) =>
      stands(
        116,
        [
          box(88, 176, 224, 68, red, 4),
          box(88, 176, 224, 12, '#ffffff33', 4),
          area('M150 244l50-46 50 46z', green),
          disc(272, 206, 13, yellow),
        ],
        [box(98, 150, 204, 26, m.body, 3), box(98, 160, 204, 6, paper.base)],
        [
          pawn(140, 150, blue),
          pawn(180, 150, yellow),
          pawn(220, 150, green),
          turned(
            12,
            264,
            134,
            box(248, 118, 32, 32, paper.lit, 6),
            disc(258, 128, 3, '#45444c'),
            disc(270, 140, 3, '#45444c'),
          ),
        ],
      ),
  },
  'jigsaw-puzzle': {
    focus: [206, 132],
    front: ({ hues, paper }) =>
      lies(
        each(11, (at) =>
          piece(
            86 + (at % 4) * 54,
            62 + Math.floor(at / 4) * 54,
            hues[(at + Math.floor(at / 4)) % 4] ?? paper.base,
          ),
        ),
        turned(24, 312, 206, piece(284, 178, hues[3])),
        turned(-18, 334, 110, piece(306, 84, hues[1])),
      ),
    side: ({ hues, material: m, paper }) =>
      stands(
        108,
        [
          box(96, 160, 208, 84, m.body, 4),
          box(96, 146, 208, 26, hues[0], 4),
          box(96, 146, 208, 8, '#ffffff40', 4),
        ],
        [
          box(116, 184, 168, 46, paper.base, 3),
          area('M116 230l44-32 34 20 40-30 50 42z', hues[2]),
          disc(250, 198, 9, hues[1]),
        ],
        [turned(-12, 152, 126, piece(124, 98, hues[3])), turned(16, 238, 126, piece(212, 98, hues[1]))],
      ),
  },
  'wooden-train-set': {
    focus: [128, 168],
    front: ({ hues: [red, yellow, green, blue], material: m }) =>
      stands(
        144,
        [box(48, 234, 304, 10, m.body, 3), line('M56 238h288', m.deep, 1.5)],
        [
          box(74, 172, 96, 46, red, 6),
          box(128, 132, 46, 52, red, 4),
          box(122, 124, 58, 11, blue, 4),
          box(138, 144, 26, 22, '#ffffff8c', 3),
          box(86, 144, 18, 30, blue, 3),
          box(82, 138, 26, 9, yellow, 3),
          disc(72, 196, 10, yellow),
        ],
        [
          line('M176 212h20M256 212h20', m.deep, 5),
          box(196, 178, 62, 40, green, 5),
          each(3, (at) => disc(210 + at * 17, 174, 10, m.shade)),
          box(276, 178, 62, 40, yellow, 5),
          box(286, 160, 42, 22, m.base, 3),
        ],
        each(
          6,
          (at) =>
            `${disc([94, 148, 212, 244, 292, 324][at] ?? 0, 222, 14, m.shade)}${disc([94, 148, 212, 244, 292, 324][at] ?? 0, 222, 5, m.lit)}`,
        ),
      ),
    side: ({ hues: [red, yellow, green, blue], material: m }) =>
      lies(
        [ring(200, 152, 92, m.base, 32), ring(200, 152, 99, m.shade, 3), ring(200, 152, 85, m.shade, 3)],
        each(8, (at) => turned(at * 45 + 10, 200, 152, line('M200 44v32', m.deep, 1.5))),
        turned(
          -30,
          200,
          152,
          box(166, 44, 66, 34, red, 8),
          box(206, 48, 22, 26, blue, 4),
          disc(180, 61, 8, yellow),
        ),
        turned(18, 200, 152, box(172, 45, 56, 32, green, 6), box(180, 51, 40, 20, '#0002', 3)),
        turned(60, 200, 152, box(172, 45, 56, 32, yellow, 6), box(180, 51, 40, 20, '#0002', 3)),
        [disc(196, 150, 18, '#7d9470'), disc(216, 162, 13, '#93a985')],
      ),
  },
  'card-game': {
    focus: [238, 132],
    front: ({ hues, paper }) =>
      lies(each(5, (at) => card(200 + (at - 2) * 16, 136, (at - 2) * 17, paper, hues[at % 4] ?? paper.deep))),
    side: ({ hues: [red, yellow, green, blue], paper }) =>
      stands(
        92,
        [
          box(112, 112, 92, 132, red, 6),
          box(112, 112, 18, 132, '#ffffff33', 6),
          area('M158 144l26 36-26 36-26-36z', yellow),
          disc(158, 180, 11, paper.lit),
        ],
        turned(
          14,
          250,
          190,
          box(214, 132, 80, 112, paper.lit, 8),
          box(221, 139, 66, 98, blue, 5),
          line(
            each(4, (at) => `M227 ${154 + at * 22}l54 10`),
            '#ffffff59',
            3,
          ),
          disc(254, 188, 15, green),
        ),
      ),
  },
  'marble-run': {
    focus: [150, 130],
    front: ({ hues: [red, yellow, green, blue], material: m }) =>
      stands(
        112,
        [
          box(96, 60, 26, 184, m.body, 3),
          box(278, 108, 26, 136, m.body, 3),
          box(186, 176, 26, 68, m.body, 3),
        ],
        [line('M104 78L296 124', m.shade, 15), line('M104 75L296 121', m.lit, 7)],
        [line('M296 150L116 188', m.shade, 15), line('M296 147L116 185', m.lit, 7)],
        [line('M108 206L300 232', m.shade, 15), line('M108 203L300 229', m.lit, 7)],
        [
          disc(150, 76, 11, red),
          disc(236, 146, 11, blue),
          disc(150, 168, 11, yellow),
          disc(254, 213, 11, green),
        ],
        [
          disc(147, 73, 3.5, '#ffffffa6'),
          disc(233, 143, 3.5, '#ffffffa6'),
          disc(147, 165, 3.5, '#ffffffa6'),
          disc(251, 210, 3.5, '#ffffffa6'),
        ],
      ),
    side: ({ hues: [red, yellow, green, blue], material: m }) =>
      stands(
        84,
        [box(172, 56, 56, 188, m.body, 4), line('M178 60q6 90 0 180M206 60q6 90 0 180', m.shade, 1.3)],
        [
          area('M128 96h144v10a72 34 0 0 1-144 0z', m.shade),
          oval(200, 96, 72, 24, m.lit),
          oval(200, 98, 54, 16, m.deep),
        ],
        [
          line('M146 168h108', m.shade, 15),
          line('M146 165h108', m.lit, 7),
          line('M130 232h140', m.shade, 15),
        ],
        [
          disc(176, 92, 10, red),
          disc(220, 98, 10, blue),
          disc(184, 154, 10, yellow),
          disc(246, 220, 10, green),
        ],
      ),
  },
  'chess-set': {
    focus: [160, 132],
    front: ({ material: m, accent: a }) =>
      stands(
        134,
        [
          area('M74 214h252l22 24h-296z', m.lit),
          each(8, (at) => area(`M${74 + at * 31.5} 214h15.8l${-10 + at * 2.5} 24h-18z`, a.base)),
          box(52, 236, 296, 8, a.body, 2),
        ],
        [king(128, 222, m), pawnPiece(184, 224, m), pawnPiece(226, 224, a), king(282, 222, a)],
      ),
    side: ({ material: m, accent: a }) =>
      lies(
        box(84, 34, 232, 232, a.deep, 6),
        each(64, (at) =>
          (at + Math.floor(at / 8)) % 2 === 0
            ? box(96 + (at % 8) * 26, 46 + Math.floor(at / 8) * 26, 26, 26, m.base)
            : '',
        ),
        each(
          6,
          (at) =>
            `${disc([109, 161, 187, 239, 265, 213][at] ?? 0, [59, 111, 163, 85, 137, 241][at] ?? 0, 11, at % 2 === 0 ? m.lit : a.base)}${ring([109, 161, 187, 239, 265, 213][at] ?? 0, [59, 111, 163, 85, 137, 241][at] ?? 0, 6, at % 2 === 0 ? m.shade : a.deep, 2.5)}`,
        ),
      ),
  },
  'soft-toy': {
    focus: [200, 112],
    front: ({ hues: [red], material: m, dark }) =>
      stands(
        78,
        [
          oval(146, 236, 30, 12, m.shade),
          oval(254, 236, 30, 12, m.shade),
          oval(142, 226, 26, 20, m.body),
          oval(258, 226, 26, 20, m.body),
        ],
        [
          turned(24, 144, 180, oval(144, 180, 18, 38, m.shade)),
          turned(-24, 256, 180, oval(256, 180, 18, 38, m.shade)),
        ],
        [oval(200, 196, 60, 50, m.body), oval(200, 202, 38, 34, m.lit)],
        [
          disc(152, 66, 24, m.body),
          disc(248, 66, 24, m.shade),
          disc(152, 68, 13, m.lit),
          disc(248, 68, 13, m.base),
        ],
        [
          oval(200, 108, 68, 58, m.body),
          oval(200, 126, 30, 22, m.lit),
          oval(200, 117, 11, 8, dark.base),
          line('M200 124v10q-8 8-14 2M200 134q8 8 14 2', dark.base, 2.5),
          disc(172, 102, 6, dark.base),
          disc(228, 102, 6, dark.base),
        ],
        [line('M160 156q40 22 80 0', red, 12), area('M216 162l20 40-26 6-8-40z', red)],
      ),
    side: ({ hues: [red], material: m, dark }) =>
      stands(
        78,
        [
          oval(168, 228, 44, 16, m.shade),
          oval(152, 222, 22, 22, m.base),
          oval(214, 192, 54, 52, m.body),
          disc(262, 222, 14, m.lit),
        ],
        [
          turned(38, 172, 182, oval(172, 182, 18, 36, m.shade)),
          disc(216, 62, 23, m.shade),
          disc(216, 64, 12, m.lit),
        ],
        [
          oval(196, 106, 62, 56, m.body),
          oval(146, 122, 26, 22, m.lit),
          disc(124, 116, 9, dark.base),
          disc(168, 98, 6, dark.base),
        ],
        line('M166 156q40 22 74-4', red, 12),
      ),
  },
};

function hexagon(x: number, y: number, fill: string): string {
  return area(`M${x} ${y - 20}l18 10v20l-18 10-18-10v-20z`, fill);
}

function pawn(x: number, foot: number, fill: string): string {
  return `${area(`M${x - 14} ${foot}q8-12 8-30h12q0 18 8 30z`, fill)}${disc(x, foot - 36, 11, fill)}`;
}

function piece(x: number, y: number, fill: string): string {
  return `<path d="M${x} ${y}h18q-6-12 8-12t8 12h18v18q12-6 12 8t-12 8v18h-18q6-12-8-12t-8 12h-18v-18q12 6 12-8t-12-8z" fill="${fill}" stroke="#00000026" stroke-width="1.5"/>`;
}

function pawnPiece(x: number, foot: number, { body, shade }: Tone): string {
  return `${area(`M${x - 18} ${foot}q0-12 8-16 4-20 2-34h16q-2 14 2 34 8 4 8 16z`, body)}${box(x - 14, foot - 54, 28, 6, shade, 3)}${disc(x, foot - 66, 14, body)}`;
}

function king(x: number, foot: number, { body, shade }: Tone): string {
  return [
    area(`M${x - 26} ${foot}q0-16 12-22 6-36 2-70h24q-4 34 2 70 12 6 12 22z`, body),
    box(x - 22, foot - 98, 44, 9, shade, 4),
    area(`M${x - 18} ${foot - 98}l-6-30q24-12 48 0l-6 30z`, body),
    box(x - 3, foot - 158, 6, 26, shade, 2),
    box(x - 10, foot - 150, 20, 6, shade, 2),
  ].join('');
}
