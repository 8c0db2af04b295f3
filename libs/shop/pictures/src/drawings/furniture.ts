import { area, box, disc, each, hangs, line, oval, plate, stands } from '../shapes.js';
import type { Drawings } from './drawing.js';

export const furniture: Drawings = {
  'dining-table': {
    focus: [102, 148],
    front: ({ colour: c, material: m }) =>
      stands(
        140,
        [area('M84 150h14l-8 94h-10z', c.body), area('M302 150h14l4 94h-10z', c.body)],
        [area('M112 150h12l-4 78h-9z', c.deep), area('M276 150h12l1 78h-9z', c.deep)],
        box(92, 146, 216, 16, c.shade),
        area('M76 120h248l18 22h-284z', m.lit),
        line('M92 127h198M78 134h240', m.base, 1.4),
        box(58, 140, 284, 10, m.body, 2),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        76,
        [area('M140 150h16l-8 94h-12z', c.body), area('M244 150h16l4 94h-12z', c.body)],
        box(146, 146, 108, 18, c.shade),
        area('M142 116h116l14 26h-144z', m.lit),
        box(126, 140, 148, 11, m.body, 2),
        [
          area('M186 96h28l-4 36h-20z', '#f4eee2'),
          line('M196 96q-10-26-22-34M200 96q2-30 4-42M206 96q10-20 22-28', '#7d9470', 3),
        ],
        [oval(174, 60, 6, 9, '#7d9470'), oval(204, 50, 6, 9, '#93a985'), oval(229, 66, 6, 8, '#7d9470')],
      ),
  },
  'dining-chair': {
    focus: [200, 96],
    front: ({ colour: c, material: m }) =>
      stands(
        62,
        [area('M148 166h13l-5 78h-11z', c.body), area('M239 166h13l3 78h-11z', c.body)],
        [area('M164 170h8l-2 58h-7zM228 170h8l1 58h-7z', c.deep)],
        [area('M150 60h12l-2 104h-12zM238 60h12l2 104h-12z', c.body)],
        area('M146 66q54-18 108 0v30q-54-14-108 0z', m.body),
        each(5, (at) => box(170 + at * 13, 92, 6, 68, m.shade)),
        area('M142 156h116l10 16h-136z', m.lit),
        box(132, 170, 136, 11, m.body, 4),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        58,
        area('M238 176h12l14 68h-12z', c.shade),
        area('M246 178q-4-70 18-124l12 4q-20 54-14 122z', c.body),
        area('M254 62l14 5-10 34-13-3z', m.body),
        [area('M150 176h13l-7 68h-12z', c.body), line('M152 218l98 4', c.shade, 6)],
        area('M142 164q60-10 116 0v10h-116z', m.lit),
        box(138, 172, 122, 11, m.body, 5),
      ),
  },
  bookshelf: {
    focus: [176, 112],
    front: ({ colour: c, material: m, leaf, paper }) =>
      stands(
        78,
        box(132, 44, 136, 200, m.body, 2),
        each(4, (at) => box(140, 52 + at * 48, 120, 40, m.deep)),
        [
          box(144, 62, 10, 30, c.base),
          box(155, 58, 8, 34, paper.base),
          box(164, 66, 11, 26, c.deep),
          box(176, 60, 9, 32, '#b5674d'),
        ],
        [
          area('M226 78h22l-3 14h-16z', paper.shade),
          disc(230, 70, 8, leaf.base),
          disc(243, 68, 8, leaf.shade),
          disc(237, 61, 7, leaf.lit),
        ],
        [box(220, 106, 10, 34, c.lit), box(231, 110, 12, 30, leaf.base), box(244, 104, 9, 36, paper.base)],
        [disc(162, 126, 14, c.shade), disc(162, 126, 6, m.deep)],
        [
          box(146, 176, 40, 6, paper.base),
          box(149, 169, 36, 7, c.base),
          box(146, 182, 44, 6, '#b5674d'),
          box(214, 152, 36, 36, paper.lit),
          box(219, 157, 26, 26, c.lit),
        ],
        each(7, (at) =>
          box(
            146 + at * 13,
            204 + (at % 3) * 4,
            11,
            32 - (at % 3) * 4,
            [c.base, paper.shade, c.deep, leaf.shade][at % 4] ?? c.base,
          ),
        ),
      ),
    side: ({ colour: c, material: m, paper }) =>
      stands(
        52,
        area('M158 48l60-10v206h-60z', m.body),
        area('M218 38l30 12v194h-30z', m.shade),
        each(4, (at) => area(`M222 ${54 + at * 48}l22 6v36l-22-1z`, m.deep)),
        each(4, (at) =>
          area(`M224 ${64 + at * 48}l10 2v27l-10-1z`, [c.base, paper.base, c.deep, c.lit][at] ?? c.base),
        ),
        line(
          each(3, (at) => `M${172 + at * 16} ${52 - at * 2}q4 90 0 188`),
          m.shade,
          1.3,
        ),
      ),
  },
  'writing-desk': {
    focus: [148, 152],
    front: ({ colour: c, material: m, brass }) =>
      stands(
        120,
        [area('M94 176h13l-6 68h-11z', c.body), area('M293 176h13l4 68h-11z', c.body)],
        [area('M116 176h9l-3 56h-8zM276 176h9l1 56h-8z', c.deep)],
        box(88, 142, 224, 36, m.body, 3),
        [
          box(98, 148, 96, 24, m.shade, 2),
          box(206, 148, 96, 24, m.shade, 2),
          box(99, 149, 94, 22, m.base, 2),
          box(207, 149, 94, 22, m.base, 2),
        ],
        [disc(146, 160, 4, brass.base), disc(254, 160, 4, brass.base)],
        [area('M88 124h224l14 14h-252z', m.lit), box(74, 136, 252, 9, c.body, 2)],
        [
          area('M238 112h46l8 16h-50z', '#f4eee2'),
          box(126, 104, 26, 24, c.base, 3),
          line('M134 104l-4-22M140 104l2-26M146 104l7-20', c.deep, 3),
        ],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        74,
        [
          area('M140 172h15l-7 72h-12z', c.body),
          area('M245 172h15l4 72h-12z', c.body),
          line('M146 222h108', c.shade, 7),
        ],
        box(136, 142, 128, 36, m.body, 3),
        area('M140 116h120l10 22h-140z', m.lit),
        box(128, 135, 144, 10, c.body, 2),
        [box(118, 150, 22, 22, m.shade, 2), disc(117, 161, 4, '#c6a15a')],
      ),
  },
  'side-table': {
    focus: [200, 132],
    front: ({ colour: c, material: m, paper }) =>
      stands(
        64,
        [
          area('M146 146l10-2-8 100h-10zM254 146l-10-2 8 100h10z', c.body),
          area('M194 150h12v86h-12z', c.deep),
        ],
        line('M148 200h104', c.shade, 6),
        plate([200, 134, 84, 24], 9, m.lit, m.body),
        [
          oval(226, 128, 18, 6, paper.shade),
          area('M212 106h28v16q0 8-14 8t-14-8z', paper.base),
          line('M240 110q12 0 10 8t-12 6', paper.base, 4),
        ],
        [
          area('M148 126l44-8 14 10-46 10z', c.base),
          area('M148 126l12 12v5l-12-12z', c.deep),
          area('M160 138l46-10v5l-46 10z', paper.lit),
        ],
      ),
    side: ({ colour: c, material: m, leaf, paper }) =>
      stands(
        60,
        [area('M150 160l12-2-10 86h-11zM250 160l-12-2 10 86h11z', c.body), line('M150 206h100', c.shade, 6)],
        box(124, 148, 152, 14, m.body, 5),
        [
          area('M180 104h40l-6 44h-28z', paper.body),
          line('M200 104v-40M200 84q-20-6-26-26M200 90q20-8 26-30', leaf.shade, 3),
        ],
        [oval(172, 56, 9, 15, leaf.base), oval(200, 52, 9, 17, leaf.lit), oval(228, 56, 9, 15, leaf.base)],
      ),
  },
  'coat-rack': {
    focus: [200, 84],
    front: ({ colour: c, material: m, accent: a }) =>
      hangs(
        box(70, 84, 260, 34, m.body, 6),
        line('M82 94q60-4 120 0t116 0M82 108q60-4 120 0t116 0', m.shade, 1.4),
        each(
          5,
          (at) =>
            `${box(97 + at * 47, 96, 18, 10, c.shade, 5)}${line(`M${106 + at * 47} 104v18q0 10 10 8`, c.base, 6)}`,
        ),
        area('M126 126q26 8 54 0l14 104q-40 12-80 0z', c.lit),
        line('M152 130v98', c.base, 2),
        line('M288 128q-10 40-2 96M296 128q10 40 4 96', a.base, 9),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        50,
        [line('M200 228l-46 14M200 228l46 14', m.shade, 10), box(194, 48, 12, 186, m.body, 6)],
        line(
          each(3, (at) => `M200 ${76 + at * 26}l-34-18M200 ${76 + at * 26}l34-18`),
          c.base,
          7,
        ),
        [
          disc(166, 58, 6, c.lit),
          disc(234, 58, 6, c.shade),
          disc(166, 84, 6, c.lit),
          disc(234, 84, 6, c.shade),
        ],
        area('M224 70q40 8 42 34 4 60-6 96-26 8-42-4 4-70 0-100z', c.body),
        line('M236 84q10 60 2 110', c.deep, 2),
      ),
  },
  stool: {
    focus: [250, 146],
    front: ({ colour: c, material: m }) =>
      stands(
        56,
        [
          area('M162 152l14-3-16 95h-13zM238 152l-14-3 16 95h13z', c.body),
          area('M195 154h11v80h-11z', c.deep),
        ],
        [line('M158 206h84', c.shade, 7)],
        plate([200, 136, 66, 18], 11, m.lit, m.body),
        line('M164 134q36-8 72 0', m.base, 1.5),
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        64,
        [
          area('M150 156l14-3-18 91h-13zM236 156l-14-3 14 91h13z', c.body),
          area('M262 158l-10-3 10 76h10z', c.deep),
        ],
        line('M144 200l96 4', c.shade, 7),
        plate([202, 128, 78, 28], 13, m.lit, m.body),
        [line('M150 128q52-20 104 0M160 138q42-14 84 0', m.base, 1.5), box(184, 116, 36, 7, m.deep, 3.5)],
      ),
  },
  'bed-frame': {
    focus: [112, 168],
    front: ({ colour: c, material: m, paper }) =>
      stands(
        140,
        [box(76, 214, 14, 30, m.deep, 2), box(310, 214, 14, 30, m.deep, 2)],
        box(74, 96, 252, 110, m.body, 8),
        each(9, (at) => box(88 + at * 25.5, 108, 20, 70, m.shade, 3)),
        [box(96, 142, 92, 44, paper.lit, 16), box(212, 142, 92, 44, paper.body, 16)],
        area('M74 176q126-18 252 0v34h-252z', paper.shade),
        area('M74 190q126-16 252 0v26h-252z', c.body),
        box(66, 212, 268, 18, m.body, 5),
      ),
    side: ({ colour: c, material: m, paper }) =>
      stands(
        146,
        [box(84, 220, 12, 24, m.deep), box(312, 220, 12, 24, m.deep)],
        area('M64 104q0-8 8-8h6q8 0 8 8v118h-22z', m.body),
        [area('M86 182h248v28h-248z', paper.body), area('M92 178q0-26 26-26h36q18 0 18 26z', paper.lit)],
        area('M168 176q86-16 166 6v28h-166z', c.body),
        line('M196 178q-8 14 0 30M236 174q-6 18 0 34', c.shade, 2),
        box(66, 206, 276, 18, m.body, 4),
      ),
  },
};
