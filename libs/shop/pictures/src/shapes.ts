/** Pieces of SVG. A picture is 400 wide and 300 high; what stands has its foot at y = 244. */

export type Parts = readonly (string | Parts)[];

export const join = (parts: Parts): string =>
  parts.map((each) => (typeof each === 'string' ? each : join(each))).join('');

/** A rectangle, its corners round by `r`. */
export const box = (x: number, y: number, width: number, height: number, fill: string, r = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}"${r === 0 ? '' : ` rx="${r}"`} fill="${fill}"/>`;

export const disc = (x: number, y: number, r: number, fill: string): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;

export const oval = (x: number, y: number, rx: number, ry: number, fill: string): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;

/** The inside of a path. */
export const area = (path: string, fill: string): string => `<path d="${path}" fill="${fill}"/>`;

/** A path drawn with a round pen. */
export const line = (path: string, stroke: string, width = 3): string =>
  `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

/** The outline of a circle. */
export const ring = (x: number, y: number, r: number, stroke: string, width = 3): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="${stroke}" stroke-width="${width}"/>`;

export const turned = (degrees: number, x: number, y: number, ...parts: Parts): string =>
  `<g transform="rotate(${degrees} ${x} ${y})">${join(parts)}</g>`;

export const moved = (x: number, y: number, scale: number, ...parts: Parts): string =>
  `<g transform="translate(${x} ${y})${scale === 1 ? '' : ` scale(${scale})`}">${join(parts)}</g>`;

/** The same once more, left and right exchanged. */
export const mirrored = (...parts: Parts): string =>
  `<g transform="matrix(-1 0 0 1 400 0)">${join(parts)}</g>`;

export const faint = (opacity: number, ...parts: Parts): string =>
  `<g opacity="${opacity}">${join(parts)}</g>`;

/** A row of round dots. */
export const dots = (x: number, y: number, count: number, gap: number, size: number, fill: string): string =>
  `<path d="M${x} ${y}h${(count - 1) * gap}" stroke="${fill}" stroke-width="${size}" stroke-linecap="round" stroke-dasharray="0 ${gap}"/>`;

/** A round plate, seen from a little above. */
export const plate = (
  [x, y, rx, ry]: readonly [x: number, y: number, rx: number, ry: number],
  thick: number,
  top: string,
  edge: string,
): string =>
  area(`M${x - rx} ${y}v${thick}a${rx} ${ry} 0 0 0 ${2 * rx} 0v${-thick}z`, edge) + oval(x, y, rx, ry, top);

/** One for each number from 0 to below `count`. */
export const each = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('');

/** What a thing stands on, lies on or hangs from. */
export type Ground = 'floor' | 'table' | 'wall';

export interface View {
  readonly ground: Ground;
  readonly art: string;
}

/** Seen from the front: its shadow lies on the floor, `reach` to each side of `x`. */
export const stands = (reach: number, ...parts: Parts): View => standsAt(200, reach, ...parts);

export const standsAt = (x: number, reach: number, ...parts: Parts): View => ({
  ground: 'floor',
  art: `<ellipse cx="${x + Math.round(reach / 8)}" cy="245" rx="${Math.round(reach * 1.12)}" ry="${reach < 60 ? 7 : 10}" fill="url(#f)"/>${join(parts)}`,
});

/** Seen from above. */
export const lies = (...parts: Parts): View => ({ ground: 'table', art: shadowed(parts) });

/** With something behind it that has no shadow: light. */
export const before = (light: string, { ground, art }: View): View => ({ ground, art: light + art });

/** In front of a wall. */
export const hangs = (...parts: Parts): View => ({ ground: 'wall', art: shadowed(parts) });

const shadowed = (parts: Parts): string => `<g filter="url(#d)">${join(parts)}</g>`;
