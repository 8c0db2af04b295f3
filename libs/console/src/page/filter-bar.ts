import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Ending, RequestSummary, RouteView } from '../view.js';
import { isFiltering, noFilter, type Filter } from './filter.js';
import { icons } from './icons.js';
import { hashOf } from './place.js';
import { endingWords } from './words.js';

const durations = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500];

type Change = (changed: Partial<Filter>) => void;

/** Every filter is part of the address. */
export function filterBar(
  routes: readonly RouteView[],
  requests: readonly RequestSummary[],
  filter: Filter,
): TemplateResult {
  const change: Change = (changed) => {
    history.replaceState(null, '', hashOf({ kind: 'live', filter: { ...filter, ...changed } }));
    dispatchEvent(new HashChangeEvent('hashchange'));
  };
  return html`<form
    class="filters"
    role="search"
    aria-label="Filter requests"
    @submit=${(event: Event) => event.preventDefault()}
  >
    <label class="search"
      >${icons.search}<span class="sr">Text</span
      ><input
        type="search"
        placeholder="Path, part, code, trace id"
        .value=${live(filter.text)}
        @input=${(event: Event) => change({ text: valueOf(event) })}
    /></label>
    ${selects(routes, requests, filter).map((each) => select(each, change))}
    <label class="check"
      ><input
        type="checkbox"
        .checked=${live(filter.background)}
        @change=${(event: Event) => change({ background: (event.target as HTMLInputElement).checked })}
      />
      probes and files</label
    >
    <button
      class="quiet"
      type="button"
      ?disabled=${!isFiltering(filter)}
      @click=${() => change({ ...noFilter, background: filter.background })}
    >
      Clear
    </button>
  </form>`;
}

interface Select {
  readonly label: string;
  /** What stands there while nothing is chosen. */
  readonly none: string;
  readonly values: readonly string[];
  readonly chosen: string;
  readonly choose: (value: string) => Partial<Filter>;
  readonly shown?: (value: string) => string;
}

function selects(
  routes: readonly RouteView[],
  requests: readonly RequestSummary[],
  { route, ending, part, reason, minMs }: Filter,
): readonly Select[] {
  const parts = requests.flatMap((each) => each.parts.map(({ name }) => name));
  const reasons = requests.flatMap((each) => each.reason ?? []);
  const addresses = routes.map(({ method, path }) => `${method} ${path}`);
  return [
    {
      ...{ label: 'Route', none: 'every route', values: sorted(addresses, route), chosen: route },
      choose: (value) => ({ route: value }),
    },
    {
      ...{ label: 'Status', none: 'every ending', values: Object.keys(endingWords), chosen: ending },
      choose: (value) => ({ ending: value as Ending }),
      shown: (value) => endingWords[value as Ending],
    },
    {
      ...{ label: 'Part', none: 'every part', values: sorted(parts, part), chosen: part },
      choose: (value) => ({ part: value }),
    },
    {
      ...{ label: 'Reason', none: 'every reason', values: sorted(reasons, reason), chosen: reason },
      choose: (value) => ({ reason: value }),
    },
    {
      ...{ label: 'Duration', none: 'any duration', values: durations.map(String) },
      chosen: minMs === 0 ? '' : String(minMs),
      choose: (value) => ({ minMs: Number(value) }),
      shown: (value) => `${value} ms or more`,
    },
  ];
}

/** Each once, and what is chosen even where it is gone. */
function sorted(values: readonly string[], chosen: string): readonly string[] {
  const all = new Set(values);
  if (chosen !== '') all.add(chosen);
  return [...all].sort();
}

function select(
  { label, none, values, chosen, choose, shown = (value) => value }: Select,
  change: Change,
): TemplateResult {
  return html`<label class="select"
    ><span class="sr">${label}</span
    ><select
      class=${chosen === '' ? '' : 'is-set'}
      @change=${(event: Event) => change(choose(valueOf(event)))}
      .value=${live(chosen)}
    >
      <option value="" ?selected=${chosen === ''}>${none}</option>
      ${values.map(
        (value) => html`<option value=${value} ?selected=${value === chosen}>${shown(value)}</option>`,
      )}
    </select></label
  >`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
