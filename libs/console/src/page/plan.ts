import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import type { RequestRecord } from '@facet/gateway';
import type { PlanPart, PlanView } from '../view.js';
import { ms } from './format.js';

const WIDTH = 148;
const HEIGHT = 44;
const GAP_X = 34;
const GAP_Y = 12;

/** Parts by how many others come before them, one column each. */
export function columnsOf<T extends { readonly name: string; readonly needs: readonly string[] }>(
  parts: readonly T[],
): readonly (readonly T[])[] {
  const depths = new Map<string, number>();
  const columns: T[][] = [];
  for (const part of parts) {
    const depth = Math.max(0, ...part.needs.map((need) => (depths.get(need) ?? -1) + 1));
    depths.set(part.name, depth);
    (columns[depth] ??= []).push(part);
  }
  return columns;
}

interface Placed {
  readonly part: PlanPart;
  readonly x: number;
  readonly y: number;
}

/** The aggregation as a drawing: what needs what. With a record, what became of each part. */
export function planDrawing(plan: PlanView, record: RequestRecord | undefined): TemplateResult {
  const columns = columnsOf(plan.parts);
  const tallest = Math.max(1, ...columns.map(({ length }) => length));
  const height = tallest * (HEIGHT + GAP_Y) - GAP_Y;
  const width = columns.length * (WIDTH + GAP_X) - GAP_X;
  const placed = new Map<string, Placed>();
  columns.forEach((column, depth) => {
    const top = (height - (column.length * (HEIGHT + GAP_Y) - GAP_Y)) / 2;
    column.forEach((part, index) => {
      placed.set(part.name, { part, x: depth * (WIDTH + GAP_X), y: top + index * (HEIGHT + GAP_Y) });
    });
  });
  const all = [...placed.values()];
  const boxed = `width:${width}px;height:${height}px`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="The plan of ${plan.name}">
    <div class="plan" .style=${boxed}>
      <svg width=${width} height=${height} aria-hidden="true">
        ${all.flatMap((to) => to.part.needs.map((need) => arrow(placed.get(need), to, record)))}
      </svg>
      <ul>
        ${all.map((each) => node(each, record))}
      </ul>
    </div>
  </div>`;
}

function arrow(from: Placed | undefined, to: Placed, record: RequestRecord | undefined): SVGTemplateResult {
  if (from === undefined) return svg``;
  const [x1, y1, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.y + HEIGHT / 2];
  const isCritical = [from, to].every(({ part }) => stateOf(part, record)?.critical === true);
  const d = `M${x1} ${y1}C${x1 + GAP_X / 2} ${y1} ${to.x - GAP_X / 2} ${y2} ${to.x} ${y2}`;
  return svg`<path class="arrow ${isCritical ? 'is-critical' : ''} ${to.part.kind === 'deferred' ? 'is-deferred' : ''}" d=${d} />`;
}

function node({ part, x, y }: Placed, record: RequestRecord | undefined): TemplateResult {
  const { name, kind, service, operation, timeoutMs, hasDefault } = part;
  const became = stateOf(part, record);
  const title = `${kind}${hasDefault ? ', with a default' : ''}${timeoutMs === undefined ? '' : `, at most ${ms(timeoutMs)}`}`;
  const place = `left:${x}px;top:${y}px;width:${WIDTH}px;height:${HEIGHT}px`;
  return html`<li
    class="plan-part is-${kind} is-${became?.state ?? 'planned'} ${became?.critical === true ? 'is-critical' : ''}"
    title=${title}
    .style=${place}
  >
    <b>${name}</b><small>${service}.${operation}</small
    ><span class="sr">, ${title}, ${became?.state ?? ''}</span>
  </li>`;
}

function stateOf({ name }: PlanPart, record: RequestRecord | undefined) {
  return record?.parts.find((each) => each.name === name);
}
