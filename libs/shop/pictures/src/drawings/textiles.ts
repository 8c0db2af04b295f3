import {
  area,
  box,
  dots,
  each,
  faint,
  hangs,
  lies,
  line,
  oval,
  stands,
  standsAt,
  turned,
} from '../shapes.js';
import type { Tone } from '../tones.js';
import type { Drawings } from './drawing.js';

/** A folded layer of cloth. */
const fold = (x: number, y: number, width: number, height: number, fill: string): string =>
  box(x, y, width, height, fill, height / 2);

/** Threads that hang from an edge. */
const fringe = (x: number, y: number, count: number, gap: number, { shade }: Tone): string =>
  line(
    each(count, (at) => `M${x + at * gap} ${y}v12`),
    shade,
    2,
  );

export const textiles: Drawings = {
  'bed-linen-set': {
    focus: [254, 178],
    front: ({ colour: c, paper }) =>
      stands(
        118,
        [
          fold(92, 208, 216, 36, c.body),
          fold(92, 176, 216, 34, c.body),
          line('M118 193h166', c.shade, 2),
          line('M118 226h166', c.shade, 2),
        ],
        [fold(98, 144, 204, 34, paper.body), line('M122 161h156', paper.shade, 2)],
        area('M110 140q-4-44 20-48 70-10 140 0 24 4 20 48-4 12-20 10-70 8-140 0-16 2-20-10z', c.body),
        line('M128 104q70-10 140 0', c.lit, 4),
        [box(190, 88, 20, 156, c.deep), area('M200 92q-40-34-44-10t44 12q40-8 44-14t-44 12z', c.deep)],
      ),
    side: ({ colour: c, paper }) =>
      stands(
        140,
        [box(60, 190, 280, 50, paper.shade, 10)],
        area('M78 176q-8-46 20-50 40-8 84 0 22 8 12 50-58 14-116 0z', paper.lit),
        area('M206 176q-8-46 20-50 40-8 84 0 22 8 12 50-58 14-116 0z', c.body),
        area('M56 186q70-26 150-12t138 4v40q0 26-20 26h-248q-20 0-20-26z', c.body),
        [
          line('M92 196q20 20 8 46M186 188q16 26 4 54M270 192q14 22 4 50', c.shade, 2.5),
          area('M56 186q70-26 150-12t138 4v12q-70 4-138-4t-150 14z', c.lit),
        ],
      ),
  },
  'wool-blanket': {
    focus: [140, 214],
    front: ({ colour: c, material: m }) =>
      stands(
        116,
        [fold(90, 150, 220, 46, c.body), fold(90, 194, 220, 50, c.body)],
        line(
          each(14, (at) => `M${104 + at * 15} 158l7 10-7 10M${104 + at * 15} 204l7 10-7 10`),
          c.shade,
          2,
        ),
        [
          area('M118 122q82-16 164 0v88h-164z', m.body),
          line(
            each(11, (at) => `M${126 + at * 15} 134l7 10-7 10 7 10-7 10 7 10-7 10`),
            m.shade,
            2,
          ),
        ],
        fringe(122, 210, 15, 11.2, m),
        line('M118 124q82-16 164 0', m.lit, 4),
      ),
    side: ({ colour: c, material: m, oak }) =>
      stands(
        112,
        [
          box(100, 70, 200, 10, oak.base, 5),
          box(104, 74, 9, 170, oak.shade, 3),
          box(287, 74, 9, 170, oak.shade, 3),
          box(104, 206, 190, 8, oak.shade),
        ],
        area('M134 66q66-12 132 0l4 130q-70 12-140 0z', c.body),
        [
          box(132, 160, 137, 10, m.lit),
          box(132, 176, 137, 6, m.shade),
          line('M170 72q-4 60 0 126M232 72q4 60 0 126', c.shade, 2),
        ],
        fringe(136, 200, 13, 10.6, c),
      ),
  },
  'bath-towel': {
    focus: [262, 196],
    front: ({ colour: c, paper }) =>
      stands(
        110,
        each(
          3,
          (at) =>
            `${fold(94 + at * 6, 206 - at * 38, 212 - at * 12, 38, at === 1 ? paper.body : c.body)}${line(`M${122 + at * 6} ${225 - at * 38}h${150 - at * 12}`, at === 1 ? paper.shade : c.shade, 2)}`,
        ),
        [
          box(262, 130, 8, 38, c.lit),
          box(274, 130, 3, 38, c.lit),
          box(266, 206, 8, 38, c.lit),
          box(278, 206, 3, 38, c.lit),
        ],
        line('M126 136h120', c.lit, 3),
      ),
    side: ({ colour: c, brass, paper }) =>
      hangs(
        [
          box(86, 58, 228, 9, brass.body, 4.5),
          box(80, 50, 12, 26, brass.shade, 4),
          box(308, 50, 12, 26, brass.shade, 4),
        ],
        area('M120 56h160v190q-80 10-160 0z', c.body),
        area('M120 56h160v14q-80 8-160 0z', c.lit),
        [
          line('M160 72q-4 80 0 170M244 72q4 80 0 170', c.shade, 2),
          area('M120 204q80 10 160 0v12q-80 10-160 0zM120 222q80 10 160 0v4q-80 10-160 0z', paper.lit),
        ],
      ),
  },
  tablecloth: {
    place: 'floor',
    focus: [104, 182],
    front: ({ colour: c, oak, paper }) =>
      stands(
        132,
        [box(96, 200, 12, 44, oak.shade), box(292, 200, 12, 44, oak.shade)],
        area(
          'M76 140h248l22 80q-26-14-40 4-22-14-42 6-24-16-44 0-22-18-44 0-22-18-44-2-20-16-40-2-16-12-38-6z',
          c.body,
        ),
        area('M92 122h216l22 26h-260z', c.lit),
        [line('M112 150q-8 30-12 66M172 150q-2 30-4 74M236 150q4 34 4 74M292 150q8 32 14 66', c.shade, 2.5)],
        [
          oval(176, 132, 34, 7, paper.lit),
          oval(176, 132, 22, 4, paper.shade),
          area('M232 100h22l-3 32h-16z', '#ffffff80'),
          line('M243 100q-8-22-4-38', '#7d9470', 3),
          oval(240, 58, 7, 10, '#d28f7a'),
        ],
      ),
    side: ({ colour: c, paper }) =>
      stands(
        118,
        [fold(92, 214, 216, 30, c.body), fold(96, 186, 208, 30, c.body), fold(100, 158, 200, 30, c.body)],
        [line('M118 229h164M122 201h156M126 173h148', c.shade, 2)],
        [
          box(158, 150, 84, 94, paper.body, 3),
          box(168, 164, 64, 3, paper.deep),
          box(176, 174, 48, 3, paper.deep),
          box(180, 196, 40, 28, c.base, 2),
        ],
      ),
  },
  'cushion-cover': {
    focus: [290, 104],
    front: ({ colour: c, material: m }) =>
      stands(
        86,
        area(
          'M112 78q-8-18 10-12 78 14 156 0 18-6 10 12-12 70 0 142 8 24-12 18-76-14-152 0-20 6-12-18 12-72 0-142z',
          c.body,
        ),
        line('M118 74q-8 70 0 152M118 228q82-14 164 0', c.shade, 3),
        [line('M200 118l34 34-34 34-34-34z', m.lit, 4), line('M200 134l18 18-18 18-18-18z', m.shade, 3)],
      ),
    side: ({ colour: c, material: m }) =>
      standsAt(
        196,
        96,
        turned(
          -10,
          244,
          160,
          area(
            'M180 84q-6-16 10-10 60 10 112 0 16-4 10 12-8 60 2 124 4 18-12 14-56-10-112 0-16 4-10-14 8-64 0-126z',
            m.body,
          ),
        ),
        area(
          'M92 108q-6-16 10-12 58 10 116 0 16-4 10 12-8 56 0 120 4 20-12 16-58-10-116 0-14 4-8-16 8-60 0-120z',
          c.body,
        ),
        [
          line('M98 104q-6 60 0 132', c.shade, 3),
          line('M200 112q6 56 0 112', c.deep, 2),
          each(4, (at) => disc3(203, 128 + at * 26, c)),
        ],
      ),
  },
  'wool-rug': {
    focus: [118, 190],
    front: ({ colour: c, material: m, paper }) =>
      lies(
        box(92, 54, 216, 192, c.body, 2),
        box(104, 66, 192, 168, 'none').replace(
          'fill="none"',
          `fill="none" stroke="${m.lit}" stroke-width="5"`,
        ),
        area(
          each(9, (at) => (at % 2 === 0 ? rhomb(at) : '')),
          m.base,
        ),
        area(
          each(9, (at) => (at % 2 === 1 ? rhomb(at) : '')),
          c.lit,
        ),
        each(3, (row) => dots(136, 120 + row * 52, 3, 64, 10, paper.base)),
        [fringe(96, 246, 20, 11, m), fringe(96, 42, 20, 11, m)],
      ),
    side: ({ colour: c, material: m }) =>
      stands(
        126,
        area('M86 244l60-64h236l-26 64z', c.shade),
        area('M120 236l40-46h206l-16 46z', c.base),
        line(
          each(4, (at) => `M${180 + at * 48} 192l-20 44`),
          m.lit,
          4,
        ),
        [
          oval(118, 208, 74, 36, c.body),
          oval(118, 208, 58, 27, m.base),
          oval(118, 208, 42, 19, c.base),
          oval(118, 208, 24, 10, m.shade),
        ],
      ),
  },
  'kitchen-towel-set': {
    focus: [136, 200],
    front: ({ colour: c, material: m, oak, paper }) =>
      hangs(
        [
          box(70, 58, 260, 10, oak.body, 5),
          line(
            each(3, (at) => `M${126 + at * 74} 66v12`),
            oak.deep,
            4,
          ),
        ],
        [cloth(88, c), cloth(162, paper), cloth(236, m)],
        each(3, (at) => box(88 + at * 74, 204, 76, 5, [paper.lit, c.base, c.base][at] ?? c.base)),
        each(3, (at) => box(88 + at * 74, 214, 76, 3, [paper.lit, c.base, c.base][at] ?? c.base)),
      ),
    side: ({ colour: c, material: m, paper }) =>
      stands(
        96,
        each(3, (at) =>
          fold(108 + at * 4, 212 - at * 34, 184 - at * 8, 32, [c.body, paper.body, m.body][at] ?? c.body),
        ),
        each(3, (at) => box(134, 212 - at * 34, 5, 32, [paper.lit, c.base, paper.lit][at] ?? c.base)),
        each(3, (at) => box(143, 212 - at * 34, 2, 32, [paper.lit, c.base, paper.lit][at] ?? c.base)),
        [
          box(196, 140, 22, 106, '#b98d5a', 2),
          line('M207 140q-30-24-34-6t34 6q34-14 34-20t-34 20', '#b98d5a', 5),
        ],
      ),
  },
  'curtain-panel': {
    focus: [150, 70],
    front: ({ colour: c, oak, ground: g }) =>
      hangs(
        [box(116, 56, 168, 164, '#ffffff80', 2), line('M200 56v164M116 134h168', g.shade, 5)],
        [
          box(52, 38, 296, 9, oak.body, 4.5),
          `<circle cx="52" cy="42" r="9" fill="${oak.shade}"/><circle cx="348" cy="42" r="9" fill="${oak.shade}"/>`,
        ],
        [drape(70, 96, c), drape(236, 96, c)],
      ),
    side: ({ colour: c, oak }) =>
      hangs(
        box(80, 38, 240, 9, oak.body, 4.5),
        area('M112 44h178q-10 70-64 118-20 20-20 40-4 40 8 80h-96q-14-120-6-238z', c.body),
        line(
          each(5, (at) => `M${136 + at * 32} 50q-4 70-${at * 6} 116`),
          c.shade,
          2.5,
        ),
        [
          line('M126 200h84', c.deep, 7),
          line('M140 206q-6 40-2 74M164 206q-2 40 2 74M190 206q0 40 8 74', c.shade, 2.5),
        ],
        faint(0.5, area('M112 44h30q-12 90-20 236h-4q-14-120-6-236z', c.lit)),
      ),
  },
};

/** A button. */
function disc3(x: number, y: number, { lit }: Tone): string {
  return `<circle cx="${x}" cy="${y}" r="4" fill="${lit}"/>`;
}

/** A towel on a hook. */
function cloth(x: number, { body, shade }: Tone): string {
  return `${area(`M${x} 82q38-14 76 0v154q-38 8-76 0z`, body)}${line(`M${x + 24} 86q-2 70 0 146M${x + 54} 86q3 70 0 146`, shade, 2)}`;
}

/** A curtain that hangs free. */
function drape(x: number, width: number, { body, shade, lit }: Tone): string {
  const folds = each(4, (at) => line(`M${x + 14 + at * 22} 52q-5 110 0 214`, at % 2 === 0 ? shade : lit, 3));
  return `${area(`M${x} 44h${width}q-6 110 2 224q-${width / 2} 8-${width + 4} 0 8-114 2-224z`, body)}${folds}`;
}

/** One of nine on a rug. */
function rhomb(at: number): string {
  return `M${136 + (at % 3) * 64} ${98 + Math.floor(at / 3) * 52}l24 22-24 22-24-22z`;
}
