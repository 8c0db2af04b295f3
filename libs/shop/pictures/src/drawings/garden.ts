import { area, box, disc, each, hangs, lies, line, oval, ring, stands, standsAt, turned } from '../shapes.js';
import type { Tone } from '../tones.js';
import type { Drawings } from './drawing.js';

const SOIL = '#5a4438';

/** A small plant that grows from a point. */
const plant = (x: number, y: number, size: number, leaf: Tone): string =>
  [
    line(
      `M${x} ${y}v${-size}M${x} ${y - size * 0.3}q${-size * 0.4} 0 ${-size * 0.5} ${-size * 0.45}M${x} ${y - size * 0.4}q${size * 0.4} 0 ${size * 0.5} ${-size * 0.45}`,
      leaf.shade,
      3,
    ),
    oval(x, y - size, size * 0.2, size * 0.34, leaf.lit),
    oval(x - size * 0.52, y - size * 0.82, size * 0.2, size * 0.3, leaf.base),
    oval(x + size * 0.52, y - size * 0.9, size * 0.2, size * 0.3, leaf.base),
  ].join('');

export const garden: Drawings = {
  'hand-trowel': {
    focus: [206, 156],
    front: ({ colour: c, material: m, accent: a }) =>
      lies(
        turned(
          42,
          200,
          150,
          area('M172 176q0-16 28-16t28 16v64q-4 44-28 58-24-14-28-58z', m.body),
          area('M200 166v130q24-14 28-56v-64q0-10-28-10z', m.shade),
          [box(194, 112, 12, 58, m.base, 5), box(188, 100, 24, 18, c.shade, 5)],
          area('M186 102q-6-70 0-84 4-10 14-10t14 10q6 14 0 84z', a.body),
          [disc(200, 24, 4, a.deep), box(187, 88, 26, 6, c.base)],
        ),
      ),
    side: ({ colour: c, material: m, accent: a }) =>
      stands(
        118,
        area('M62 244q138-26 276 0z', SOIL),
        area('M92 238q106-18 216 0z', '#6d5446'),
        turned(-14, 200, 200, area('M180 142q20-14 36 0l-4 98q-14 10-30 0z', m.body), [
          line('M198 140q-2-24 8-34', m.base, 9),
          area('M196 110q2-54 14-76 10-10 20 0 4 26-12 80z', a.body),
          turned(8, 207, 100, box(194, 94, 26, 8, c.base)),
        ]),
        area('M120 244q80-20 160 0z', SOIL),
      ),
  },
  'pruning-shears': {
    focus: [196, 128],
    front: ({ colour: c, material: m, dark }) =>
      lies(
        turned(
          28,
          200,
          150,
          line('M190 150q-40 44-32 112M210 150q40 44 30 112', c.shade, 21),
          line('M189 150q-38 44-30 110M211 150q38 44 28 110', c.base, 15),
          area('M186 152q-22-60 6-118 20 50 22 112z', m.body),
          area('M212 150q24-40 8-96-26 30-30 84z', m.shade),
          [
            disc(200, 142, 15, dark.base),
            disc(200, 142, 6, m.lit),
            line('M184 186q8-10 16 0t16 0', m.deep, 4),
          ],
        ),
      ),
    side: ({ colour: c, material: m, dark, leaf }) =>
      lies(
        line('M60 92q90 10 150 70', '#8a6a4c', 9),
        [
          oval(104, 74, 12, 24, leaf.base),
          oval(142, 128, 11, 22, leaf.shade),
          oval(160, 92, 11, 22, leaf.lit),
        ],
        turned(
          -58,
          210,
          160,
          line('M204 168q-22 40-14 104M216 168q24 40 14 104', c.shade, 20),
          line('M203 168q-20 40-13 102M217 168q22 40 13 102', c.base, 14),
          [
            area('M198 168q-18-56 8-112 16 50 16 108z', m.body),
            area('M220 168q26-40 12-90-24 26-30 78z', m.shade),
            disc(210, 158, 14, dark.base),
            disc(210, 158, 5, m.lit),
          ],
        ),
      ),
  },
  'watering-can': {
    focus: [98, 108],
    front: ({ colour: c, material: m, brass }) =>
      standsAt(
        216,
        72,
        line('M170 128q20-76 84-60 60 14 36 120', c.shade, 12),
        area('M162 204L92 104l12-10 72 70z', m.shade),
        [turned(-36, 92, 96, area('M70 92h44l-8 18h-28z', brass.shade), oval(92, 91, 23, 7, brass.lit))],
        area('M158 130h120l12 102q0 12-12 12h-120q-12 0-12-12z', m.body),
        [area('M158 130q60-34 120 0z', m.lit), box(150, 214, 136, 8, c.base), box(154, 152, 128, 6, c.base)],
      ),
    side: ({ colour: c, material: m, brass }) =>
      stands(
        70,
        line('M200 132q-2-84 0-84', c.shade, 14),
        [
          area('M140 130h120l12 102q0 12-12 12h-120q-12 0-12-12z', m.body),
          oval(200, 130, 60, 18, m.lit),
          area('M140 130a60 18 0 0 0 60 18v-36a60 18 0 0 0-60 18z', m.deep),
        ],
        [
          area('M186 218l4-128h20l4 128z', m.shade),
          oval(200, 86, 30, 24, brass.shade),
          oval(200, 84, 27, 21, brass.lit),
        ],
        each(9, (at) => disc(186 + (at % 3) * 14, 74 + Math.floor(at / 3) * 10, 2.2, brass.deep)),
        box(132, 222, 136, 8, c.base),
      ),
  },
  'raised-bed': {
    focus: [120, 182],
    front: ({ colour: c, material: m, leaf }) =>
      stands(
        134,
        each(5, (at) => plant(112 + at * 44, 150, 42 + (at % 2) * 16, leaf)),
        [area('M76 150h248v16h-248z', SOIL)],
        each(3, (at) => box(72, 158 + at * 28, 256, 26, m.body, 2)),
        line(
          each(3, (at) => `M86 ${168 + at * 28}q80-5 120 0t110 0`),
          m.shade,
          1.4,
        ),
        [box(66, 150, 18, 94, c.body, 2), box(316, 150, 18, 94, c.body, 2), box(62, 146, 276, 9, c.shade, 3)],
      ),
    side: ({ colour: c, material: m, leaf }) =>
      stands(
        128,
        [
          area('M92 146l190-18 44 30-210 26z', SOIL),
          each(6, (at) => plant(132 + at * 32, 160 - at * 3 + (at % 2) * 10, 34 + (at % 3) * 8, leaf)),
        ],
        area('M76 160l54 24v60l-54-26z', m.shade),
        area('M130 184l200-26v56l-200 30z', m.body),
        line(
          each(2, (at) => `M130 ${204 + at * 20}l200-${27 + at}M76 ${180 + at * 19}l54 24`),
          m.deep,
          1.6,
        ),
        [
          box(124, 180, 12, 64, c.base, 2),
          box(322, 154, 12, 62, c.base, 2),
          box(72, 154, 10, 66, c.shade, 2),
        ],
      ),
  },
  'plant-pot': {
    focus: [160, 174],
    front: ({ colour: c, material: m, leaf }) =>
      stands(
        58,
        line(
          'M200 150V60M200 130q-40-10-54-54M200 126q40-10 54-50M200 108q-26-14-30-56M200 104q28-14 34-52',
          leaf.shade,
          4,
        ),
        [
          turned(-38, 140, 72, oval(140, 72, 15, 32, leaf.base)),
          turned(38, 260, 74, oval(260, 74, 15, 32, leaf.shade)),
          turned(-14, 168, 50, oval(168, 50, 13, 30, leaf.lit)),
          turned(18, 236, 50, oval(236, 50, 13, 30, leaf.base)),
          oval(200, 48, 12, 30, leaf.lit),
        ],
        area('M142 172h116l-14 64q-2 8-10 8h-68q-8 0-10-8z', c.body),
        [
          box(134, 148, 132, 28, c.body, 5),
          box(134, 170, 132, 6, c.shade, 3),
          line('M150 186l10 44', c.lit, 4),
          box(150, 240, 100, 6, m.shade, 3),
        ],
      ),
    side: ({ colour: c, material: m, leaf }) =>
      stands(
        96,
        [
          area('M224 190h88l-10 48q-1 6-8 6h-52q-7 0-8-6z', m.body),
          oval(268, 190, 46, 11, m.lit),
          oval(268, 191, 39, 8, SOIL),
          plant(268, 190, 60, leaf),
        ],
        [
          area('M96 152h128l-14 84q-2 8-10 8h-80q-8 0-10-8z', c.body),
          oval(160, 152, 66, 16, c.lit),
          oval(160, 153, 56, 12, SOIL),
        ],
        [
          turned(-20, 140, 100, oval(140, 100, 12, 46, leaf.shade)),
          turned(16, 184, 98, oval(184, 98, 12, 48, leaf.base)),
          oval(160, 88, 12, 56, leaf.lit),
        ],
      ),
  },
  'garden-chair': {
    focus: [200, 104],
    front: ({ colour: c, material: m }) =>
      stands(
        76,
        [
          area('M136 180h13l-7 64h-12zM251 180h13l6 64h-12z', c.body),
          line('M156 186L236 236M244 186l-80 50', c.deep, 6),
        ],
        [area('M146 60h12v110h-12zM242 60h12v110h-12z', c.body)],
        each(5, (at) => box(156, 66 + at * 20, 88, 13, m.body, 4)),
        [
          area('M138 164h124l10 14h-144z', m.lit),
          line('M132 171h136', m.shade, 1.5),
          box(126, 176, 148, 10, m.body, 4),
        ],
        [
          line('M134 132v40M266 132v40', c.base, 7),
          box(122, 124, 26, 10, m.body, 5),
          box(252, 124, 26, 10, m.body, 5),
        ],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        80,
        [line('M138 240L262 120M254 240L170 178', c.base, 9)],
        line('M252 184q10-70 30-128', c.base, 9),
        each(5, (at) =>
          turned(16, 266 + at * 5, 150 - at * 22, box(258 + at * 5, 140 - at * 22, 10, 18, m.shade, 3)),
        ),
        [box(140, 172, 126, 12, m.body, 5), box(146, 124, 96, 10, m.body, 5), line('M158 132v40', c.base, 8)],
      ),
  },
  'bird-feeder': {
    focus: [200, 176],
    front: ({ colour: c, material: m, accent: a }) =>
      hangs(
        line('M200 0V60', '#6b5a48', 3),
        area('M118 118L200 56l82 62-10 12-72-54-72 54z', c.body),
        area('M134 116l66-50 66 50v4h-132z', c.shade),
        [box(148, 118, 104, 92, '#ffffff66', 3), area('M150 152q50-14 100 0v58h-100z', '#d9b26f')],
        each(8, (at) => disc(162 + (at % 4) * 25, 172 + Math.floor(at / 4) * 22, 3, '#8a6538')),
        [box(144, 112, 9, 104, m.body), box(247, 112, 9, 104, m.body), box(124, 208, 152, 14, m.body, 4)],
        [
          area('M262 196q0-16 16-16 10 0 12 8l10 4-10 4q-2 14-16 14-10 0-12-6l-16 8q2-16 16-16z', a.shade),
          disc(283, 188, 2, '#2e2d33'),
        ],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        36,
        [box(193, 176, 14, 68, m.body), line('M176 240h48', m.deep, 7)],
        area('M128 104l72-50 72 50-8 12-64-44-64 44z', c.body),
        [
          area('M150 104l50-36 50 36z', c.shade),
          box(156, 102, 88, 66, '#ffffff66'),
          area('M158 132q42-12 84 0v36h-84z', '#d9b26f'),
        ],
        [box(152, 98, 8, 76, m.body), box(240, 98, 8, 76, m.body), box(134, 168, 132, 12, m.body, 4)],
      ),
  },
  'garden-hose': {
    focus: [296, 196],
    front: ({ colour: c, material: m, brass }) =>
      lies(
        each(5, (at) => ring(186, 148, 40 + at * 16, at % 2 === 0 ? c.base : c.shade, 14)),
        each(
          5,
          (at) =>
            `<circle cx="186" cy="148" r="${40 + at * 16}" fill="none" stroke="${c.lit}" stroke-width="2" stroke-dasharray="26 10"/>`,
        ),
        line('M284 172q14 46 40 62', c.base, 14),
        turned(46, 334, 244, box(318, 234, 36, 20, m.shade, 4), box(350, 237, 26, 14, brass.base, 3)),
      ),
    side: ({ colour: c, material: m, brass }) =>
      hangs(
        [box(160, 44, 80, 14, m.shade, 5), area('M172 58h56v30h-56z', m.base)],
        each(
          4,
          (at) =>
            `<ellipse cx="200" cy="${150 + at * 4}" rx="${70 + at * 11}" ry="${74 + at * 10}" fill="none" stroke="${at % 2 === 0 ? c.base : c.shade}" stroke-width="13"/>`,
        ),
        [
          area('M168 46h64q12 0 12 12l-6 14h-76l-6-14q0-12 12-12z', m.body),
          line('M276 210q26 20 22 52', c.base, 13),
          box(288, 254, 20, 34, brass.base, 4),
        ],
      ),
  },
};
