import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import type { RequestRecord } from '@facet/gateway';
import { ms } from './format.js';
import { signs } from './icons.js';
import { rowsOf, ticksOf, type Row, type Segment } from './waterfall-rows.js';
import { stateWords } from './words.js';

export interface WaterfallOptions {
  readonly record: RequestRecord;
  /** What the whole width stands for, in ms; the request's own duration where absent. */
  readonly scaleMs?: number;
  readonly openRow: string | undefined;
  readonly onOpen: (key: string | undefined) => void;
  readonly label: string;
}

/** Parts, calls and attempts over time; what the end has waited for is marked. Each row opens to what it did with its time. */
export function waterfall({ record, scaleMs, openRow, onOpen, label }: WaterfallOptions): TemplateResult {
  const scale = Math.max(scaleMs ?? record.durationMs, 0.001);
  const ticks = ticksOf(scale);
  return html`<div class="waterfall" role="group" aria-label=${label}>
    <div class="axis" aria-hidden="true">
      <span></span>
      <div class="track">
        ${ticks.map((tick) => html`<span class="tick" .style=${`left:${(tick / scale) * 100}%`}>${tick === 0 ? '0' : ms(tick)}</span>`)}
      </div>
    </div>
    ${rowsOf(record).map((each) => {
      const isOpen = openRow === each.key;
      const toggle = () => onOpen(isOpen ? undefined : each.key);
      return html`<div
        class="row is-${each.kind} is-${each.state} level-${each.level} ${each.isCritical ? 'is-critical' : ''}"
      >
        <button class="row-head" aria-expanded=${isOpen} @click=${toggle}>
          ${name(each)}
          <span class="track">${bar(each, scale, ticks)}${duration(each, scale)}</span>
        </button>
        ${isOpen ? opened(each) : nothing}
      </div>`;
    })}
  </div>`;
}

function name({ name: text, note, state, kind, isCritical }: Row): TemplateResult {
  const isTold = kind === 'part' && state !== 'fresh';
  return html`<span class="name">
    <i class="sign" aria-hidden="true">${signs[state]}</i>
    <span class="text">
      <b title=${text}>${text}</b>
      ${isTold ? html`<span class="tag is-${state}">${stateWords[state as keyof typeof stateWords]}</span>` : nothing}
      ${isCritical && kind !== 'attempt' ? html`<span class="sr">, on the critical path</span>` : nothing}
      <small title=${note}>${note}</small>
    </span>
  </span>`;
}

function bar(
  { segments, state, isCritical, startMs, endMs, kind }: Row,
  scale: number,
  ticks: readonly number[],
): SVGTemplateResult {
  const x = (value: number) => `${shareOf(value, scale).toFixed(3)}%`;
  const width = (from: number, to: number) =>
    `${Math.max(0, shareOf(to, scale) - shareOf(from, scale)).toFixed(3)}%`;
  const isThin = kind === 'attempt';
  return svg`<svg width="100%" height="30" aria-hidden="true">
    ${ticks.map((tick) => svg`<line class="grid" x1=${x(tick)} x2=${x(tick)} y1="0" y2="30" />`)}
    ${segments.map((segment) => stretch(segment, { x, width, state, isThin }))}
    ${isCritical && !isThin ? svg`<rect class="critical" x=${x(startMs)} width=${width(startMs, Math.max(endMs, startMs + scale / 400))} y="25" height="3" rx="1.5" />` : nothing}
  </svg>`;
}

/** Of the whole width, in percent; what is beyond the end, as an attempt that nobody waited for, ends with it. */
function shareOf(value: number, scale: number): number {
  return Math.min(100, Math.max(0, (value / scale) * 100));
}

interface Drawing {
  /** A time as a place on the axis. */
  readonly x: (value: number) => string;
  readonly width: (from: number, to: number) => string;
  readonly state: string;
  readonly isThin: boolean;
}

function stretch({ kind, startMs, endMs }: Segment, { x, width, state, isThin }: Drawing): SVGTemplateResult {
  const isSql = kind === 'sql';
  const [y, height] = isThin ? (isSql ? [16, 5] : [9, 12]) : isSql ? [15, 7] : [6, 16];
  // Whatever took any time at all is to be seen.
  return svg`<svg x=${x(startMs)} width=${width(startMs, endMs)} overflow="visible"
    ><rect class="stretch is-${kind} of-${state}" y=${y} height=${height} rx="2.5" width="100%" /><rect class="stretch is-${kind} of-${state}" y=${y} height=${height} width="1.5" /></svg
  >`;
}

function duration({ startMs, endMs, state }: Row, scale: number): TemplateResult {
  if (state === 'skipped')
    return html`<span class="took" .style=${`left:${shareOf(startMs, scale)}%`}>not needed</span>`;
  const [start, end] = [shareOf(startMs, scale), shareOf(endMs, scale)];
  const style = end > 86 ? `right:${100 - start}%` : `left:${end}%`;
  const isInside = end > 86 && start < 14;
  return html`<span
    class="took ${isInside ? 'is-inside' : ''}"
    .style=${isInside ? `right:${100 - end}%` : style}
    >${ms(Math.max(0, endMs - startMs))}</span
  >`;
}

function opened({ words, sql, startMs, endMs }: Row): TemplateResult {
  return html`<div class="opened">
    <p>${words}</p>
    <p class="times">From ${ms(startMs)} to ${ms(endMs)} after the start.</p>
    ${
      sql.length === 0
        ? nothing
        : html`<ol class="sql">
            ${sql.map(
              ({ statement, ms: took, rows }) =>
                html`<li>
                  <code>${statement}</code><small>${ms(took)} · ${rows} ${rows === 1 ? 'row' : 'rows'}</small>
                </li>`,
            )}
          </ol>`
    }
  </div>`;
}

/** What the colours mean. */
export function legend(): TemplateResult {
  const kinds: readonly (readonly [string, string])[] = [
    ['fresh', 'answered'],
    ['cached', 'from the cache'],
    ['wire', 'on the way'],
    ['queue', 'in the service’s queue'],
    ['handler', 'handler'],
    ['sql', 'SQL'],
    ['lost', 'missing'],
  ];
  return html`<ul class="legend">
    <li><span class="swatch is-critical"></span>critical path</li>
    ${kinds.map(([kind, words]) => html`<li><span class="swatch is-${kind}"></span>${words}</li>`)}
  </ul>`;
}
