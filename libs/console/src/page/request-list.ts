import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PartMark, RequestSummary } from '../view.js';
import { clock, moment, ms } from './format.js';
import { signs } from './icons.js';
import { hashOf } from './place.js';
import { endingWords } from './words.js';

export interface ListOptions {
  readonly requests: readonly RequestSummary[];
  /** What a full bar stands for, in ms. */
  readonly scaleMs: number;
  /** Chosen as the first of two: the rows then lead to the comparison. */
  readonly pinned: string | undefined;
  readonly label: string;
  readonly isShort?: boolean;
}

/** Requests, newest first. The arrow keys go from one to the next. */
export function requestList({
  requests,
  scaleMs,
  pinned,
  label,
  isShort = false,
}: ListOptions): TemplateResult {
  return html`<ol class="requests ${isShort ? 'is-short' : ''}" aria-label=${label} @keydown=${move}>
    ${repeat(
      requests,
      ({ id }) => id,
      (request, index) => row(request, { scaleMs, pinned, isFirst: index === 0 }),
    )}
  </ol>`;
}

interface RowOptions {
  readonly scaleMs: number;
  readonly pinned: string | undefined;
  readonly isFirst: boolean;
}

function row(request: RequestSummary, { scaleMs, pinned, isFirst }: RowOptions): TemplateResult {
  const { id, at, method, route, path, status, durationMs, ending, reason, parts } = request;
  const href = hashOf(
    pinned === undefined ? { kind: 'request', id } : { kind: 'compare', one: pinned, other: id },
  );
  const name = route === 'none' ? path : route;
  return html`<li>
    <a class="request is-${ending}" href=${href} tabindex=${isFirst ? 0 : -1}>
      <time title=${moment(at)}>${clock(at)}</time>
      <span class="status" title=${endingWords[ending]}
        ><i aria-hidden="true">${signs[ending]}</i>${status}<span class="sr"
          >, ${endingWords[ending]}</span
        ></span
      >
      <span class="route" title="${method} ${path}"><b>${method}</b> ${name}</span>
      <span class="reason">${reason ?? nothing}</span>
      <span class="bar">${spark(parts, durationMs, scaleMs)}</span>
      <span class="took">${ms(durationMs)}</span>
    </a>
  </li>`;
}

const LANE = 4;

/** The waterfall in small: a lane for each part, on a scale that all rows share. */
function spark(parts: readonly PartMark[], durationMs: number, scaleMs: number): SVGTemplateResult {
  const lanes = parts.slice(0, 5);
  const x = (value: number) => `${Math.min(100, (value / scaleMs) * 100).toFixed(2)}%`;
  const top = 11 - (lanes.length * LANE) / 2;
  return svg`<svg width="100%" height="22" aria-hidden="true">
    <rect class="whole" x="0" y="1" height="20" rx="3" width=${x(Math.max(durationMs, scaleMs / 120))} />
    ${lanes.map(
      ({ state, startMs, endMs }, index) =>
        svg`<rect class="part is-${state}" x=${x(startMs)} y=${top + index * LANE} height=${LANE - 1} rx="1" width=${x(Math.max(endMs - startMs, scaleMs / 150))} />`,
    )}
  </svg>`;
}

const steps: Readonly<
  Record<string, (all: readonly HTMLElement[], index: number) => HTMLElement | undefined>
> = {
  ArrowDown: (all, index) => all[index + 1],
  j: (all, index) => all[index + 1],
  ArrowUp: (all, index) => all[index - 1],
  k: (all, index) => all[index - 1],
  Home: (all) => all[0],
  End: (all) => all.at(-1),
};

function move(event: KeyboardEvent): void {
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('a.request')];
  const next = step(all, all.indexOf(document.activeElement as HTMLElement));
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
