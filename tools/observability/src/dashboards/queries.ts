/** What the variables of a dashboard choose. */
export const CHOSEN = 'process=~"$process"';

/** Per second, over an interval that fits the width of the panel. */
export function rate(metric: string, selector = CHOSEN): string {
  return `rate(${metric}{${selector}}[$__rate_interval])`;
}

export function sumBy(labels: string, expr: string): string {
  return labels === '' ? `sum(${expr})` : `sum by (${labels}) (${expr})`;
}

/** `0.99` of the values of a histogram were below it. */
export function quantile(share: number, histogram: string, labels = '', selector = CHOSEN): string {
  const by = labels === '' ? 'le' : `le, ${labels}`;
  return `histogram_quantile(${share}, ${sumBy(by, rate(`${histogram}_bucket`, selector))})`;
}

/** The share of `part` in `all`; 0 where `part` has no series yet. */
export function shareOf(part: string, all: string): string {
  return `(${part} or 0 * ${all}) / (${all} > 0)`;
}
