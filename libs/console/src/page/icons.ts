/** Small pictures, drawn by hand: 16 units wide, in the colour of the text. They say nothing that words beside them do not. */
import { svg, type SVGTemplateResult } from 'lit-html';

const icon = (path: SVGTemplateResult): SVGTemplateResult =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${path}</svg>`;

const line = (d: string): SVGTemplateResult =>
  icon(
    svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />`,
  );

export const icons = {
  pause: line('M5.5 3.5v9M10.5 3.5v9'),
  play: line('M4.5 3l8 5-8 5z'),
  link: line('M6.5 9.5l3-3M7.5 4.5l1-1a2.5 2.5 0 0 1 3.6 3.6l-1 1M8.5 11.5l-1 1a2.5 2.5 0 0 1-3.6-3.6l1-1'),
  save: line('M8 2.5v7M5 7l3 3 3-3M3 12.5h10'),
  compare: line('M3 4h7M3 8h10M3 12h5'),
  question: line('M5.8 6a2.3 2.3 0 1 1 3.4 2c-.8.5-1.2.9-1.2 1.8M8 12.6v.1'),
  back: line('M9.5 3.5L5 8l4.5 4.5'),
  theme: icon(
    svg`<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor"/>`,
  ),
  search: line('M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2'),
  close: line('M4 4l8 8M12 4l-8 8'),
  gem: icon(
    svg`<path d="M8 1.2l6.2 4.6L8 14.8 1.8 5.8z" fill="currentColor" opacity=".35"/><path d="M8 1.2l2.7 4.6L8 14.8 5.3 5.8z" fill="currentColor"/>`,
  ),
};

/** A sign for each state, so that colour is never the only thing that tells. */
export const signs: Readonly<Record<string, string>> = {
  fresh: '●',
  ok: '●',
  cached: '◆',
  stale: '◇',
  default: '◐',
  degraded: '◐',
  missing: '○',
  skipped: '–',
  unfinished: '…',
  failed: '✕',
  cancelled: '–',
  error: '✕',
  refused: '⊘',
  slow: '◔',
};
