import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import { ms, percent, perSecond } from './format.js';
import type { Figure, State } from './store.js';

/** The headline figures, each with its last minute. */
export function figures({ live, figures: history }: State): TemplateResult {
  const { rate = 0, errors = 0, degraded = 0, meanMs, p95Ms } = live ?? {};
  const of = (read: (figure: Figure) => number) => history.map(read);
  return html`<dl class="figures">
    ${figure(
      'Requests',
      perSecond(rate),
      'a second',
      of((each) => each.rate),
      'rate',
    )}
    ${figure(
      'Failed',
      percent(errors),
      'of the last 10 s',
      of((each) => each.errors),
      errors > 0 ? 'bad' : 'calm',
    )}
    ${figure(
      'Partial',
      percent(degraded),
      'of the last 10 s',
      of((each) => each.degraded),
      degraded > 0 ? 'warn' : 'calm',
    )}
    ${figure(
      'Duration',
      meanMs === undefined ? '–' : ms(meanMs),
      p95Ms === undefined ? 'on average' : `on average · p95 ${ms(p95Ms)}`,
      of((each) => each.p95Ms),
      'time',
    )}
  </dl>`;
}

function figure(
  name: string,
  value: string,
  note: string,
  history: readonly number[],
  tone: string,
): TemplateResult {
  return html`<div class="figure is-${tone}">
    <dt>${name}</dt>
    <dd><b>${value}</b><small>${note}</small></dd>
    ${sparkline(history)}
  </div>`;
}

const WIDTH = 120;
const HEIGHT = 34;

/** The last values, the newest at the right; stretches over what it stands in. */
export function sparkline(values: readonly number[], most = 60): SVGTemplateResult {
  const top = Math.max(...values, Number.EPSILON);
  const step = WIDTH / (most - 1);
  const from = WIDTH - (values.length - 1) * step;
  const points = values.map((value, index) => {
    const y = HEIGHT - 2 - (value / top) * (HEIGHT - 5);
    return `${(from + index * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = points.length < 2 ? '' : `M${points.join('L')}`;
  const area = line === '' ? '' : `${line}L${WIDTH} ${HEIGHT}L${from.toFixed(1)} ${HEIGHT}z`;
  return svg`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <path class="area" d=${area} /><path class="line" d=${line} vector-effect="non-scaling-stroke" />
  </svg>`;
}
