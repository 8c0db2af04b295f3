/** A picture as text: shapes in the colours of light or dark, whichever its reader's system has. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** For who does not see it. */
  readonly title: string;
  readonly shapes: readonly string[];
}

/** The colours of both schemes keep 3:1 to their ground, those of text 4.5:1, and differ in lightness too. */
const STYLE = `
    :root { --ground: #ffffff; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --direct: #8a4600; --general: #7d8590; --own: #0969da; --lose: #8a4600; --win: #0969da; --even: #eaeef2 }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #0d1117; --text: #f0f6fc; --soft: #9198a1; --line: #3d444d; --direct: #f0883e; --general: #8b949e; --own: #58a6ff; --lose: #f0883e; --win: #58a6ff; --even: #21262d }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--text) }
    .soft { fill: var(--soft) } .head { font-weight: 600; font-size: 15px } .end { text-anchor: end } .mid { text-anchor: middle }
    .axis { stroke: var(--line); stroke-width: 1 } .ground { fill: var(--ground) } .range { stroke: var(--text); stroke-width: 1.5 }
    .direct { fill: var(--direct) } .general { fill: var(--general) } .own { fill: var(--own) }`;

export function svg({ width, height, title, shapes }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
  <title>${escape(title)}</title>
  <style>${STYLE}
  </style>
  <rect class="ground" width="${width}" height="${height}"/>
  ${shapes.join('\n  ')}
</svg>
`;
}

export interface TextOptions {
  readonly is?: string;
  readonly fill?: string;
}

export const text = (x: number, y: number, words: string, { is, fill }: TextOptions = {}): string =>
  `<text x="${round(x)}" y="${round(y)}"${is === undefined ? '' : ` class="${is}"`}${fill === undefined ? '' : ` style="fill:${fill}"`}>${escape(words)}</text>`;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const rect = ({ x, y, width, height }: Box, is: string, style?: string): string =>
  `<rect class="${is}" x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0.5))}" height="${round(height)}"${style === undefined ? '' : ` style="${style}"`}/>`;

export const line = (from: readonly [number, number], to: readonly [number, number], is: string): string =>
  `<line class="${is}" x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}"/>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
