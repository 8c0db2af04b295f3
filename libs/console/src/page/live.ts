import { html, nothing, type TemplateResult } from 'lit-html';
import type { Decision, RequestSummary } from '../view.js';
import { clock, count } from './format.js';
import { figures } from './figures.js';
import { filterBar } from './filter-bar.js';
import { isFiltering, matches } from './filter.js';
import { icons, signs } from './icons.js';
import { hashOf } from './place.js';
import { requestList } from './request-list.js';
import type { Store } from './store.js';
import { topology } from './topology.js';
import { decisionWords, endingWords } from './words.js';

/** What goes on right now. */
export function livePage(store: Store, width: number): TemplateResult {
  const { state, filter } = store;
  const shown = state.requests.filter((request) => matches(request, filter));
  const scaleMs = scaleOf([...shown.slice(0, state.shownRows), ...state.kept]);
  return html`<h1 class="sr">Requests of ${state.gateway}, live</h1>
    ${figures(state)}
    <section class="card services" aria-labelledby="services-title">
      <header class="card-head">
        <h2 id="services-title">Services</h2>
        ${decisions(state.live?.decisions ?? [])}
      </header>
      ${topology(state, width)}
    </section>
    <div class="columns">
      <section class="card stream" aria-labelledby="requests-title">
        <header class="card-head">
          <h2 id="requests-title">Requests</h2>
          <small>${total(shown.length, state.requests.length, state.unsent)}</small>
          <span class="spread"></span>
          <button aria-pressed=${state.isPaused} @click=${() => store.pause(!state.isPaused)}>
            ${state.isPaused ? icons.play : icons.pause}
            ${state.isPaused ? `Go on${state.waiting.length > 0 ? ` (${state.waiting.length} new)` : ''}` : 'Pause'}
          </button>
        </header>
        ${filterBar(state.routes, state.requests, filter)}
        ${
          shown.length === 0
            ? nothingYet(store)
            : requestList({
                ...{ requests: shown.slice(0, state.shownRows), scaleMs, pinned: state.pinned },
                label: 'Requests, newest first',
              })
        }
        ${
          shown.length > state.shownRows
            ? html`<button class="more" @click=${() => store.set({ shownRows: state.shownRows + 200 })}>
                Show 200 more of ${shown.length - state.shownRows}
              </button>`
            : nothing
        }
      </section>
      ${keptApart(store, scaleMs)}
    </div>`;
}

/** What a full bar stands for: what nine of ten stay below. Longer ones fill it. */
function scaleOf(requests: readonly RequestSummary[]): number {
  const durations = requests.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
  return Math.max(1, (durations[Math.floor(durations.length * 0.9)] ?? 0) * 1.02);
}

function total(shown: number, all: number, unsent: number): string {
  const of = shown === all ? count(all, 'request') : `${shown} of ${count(all, 'request')}`;
  return unsent === 0 ? of : `${of}, and ${unsent.toLocaleString('en-US')} more that are counted only`;
}

function nothingYet({ state, filter }: Store): TemplateResult {
  if (state.connection === 'connecting') return html`<p class="empty">Connecting…</p>`;
  if (isFiltering(filter))
    return html`<p class="empty">
      No request fits the filter.
      <a href=${hashOf({ kind: 'live', filter: { ...noText, background: filter.background } })}>Show all</a>
    </p>`;
  return html`<p class="empty">
    <b>No request yet.</b> Each request of <code>${state.gateway}</code> shows up here as it ends. Ask for
    something, as with <code>curl</code>.
  </p>`;
}

const noText = { text: '', route: '', ending: '', part: '', reason: '', minMs: 0 } as const;

/** Errors, degraded and slow answers, out of the stream's way. */
function keptApart({ state }: Store, scaleMs: number): TemplateResult {
  const endings = ['error', 'degraded', 'slow'] as const;
  return html`<section class="card kept" aria-labelledby="kept-title">
    <header class="card-head">
      <h2 id="kept-title">Kept apart</h2>
      <small>failed, partial and slow</small>
    </header>
    <ul class="counts">
      ${endings.map((ending) => {
        const number = state.kept.filter((each) => each.ending === ending).length;
        return html`<li class="is-${number === 0 ? 'none' : ending}">
          <i aria-hidden="true">${signs[ending]}</i><b>${number}</b> ${endingWords[ending].toLowerCase()}
        </li>`;
      })}
    </ul>
    ${
      state.kept.length === 0
        ? html`<p class="empty">Nothing has failed, nothing was partial, nothing was slow.</p>`
        : requestList({
            ...{ requests: state.kept.slice(0, 60), scaleMs, pinned: state.pinned, isShort: true },
            label: 'Failed, partial and slow requests, newest first',
          })
    }
  </section>`;
}

/** The last decisions about services, behind a button: they matter on a bad day. */
function decisions(all: readonly Decision[]): TemplateResult {
  const [last] = all;
  if (last === undefined) return html`<small>No instance was lost or ejected, no breaker has opened.</small>`;
  return html`<details class="decisions">
    <summary>${decisionText(last)}</summary>
    <ol>
      ${all.map((each) => html`<li><time>${clock(each.at)}</time>${decisionText(each)}</li>`)}
    </ol>
  </details>`;
}

function decisionText({ kind, service, instance, operation }: Decision): TemplateResult {
  return html`<span class="decision is-${kind}"
    ><b>${operation ?? service}</b>
    ${instance === undefined ? nothing : html`<code>${instance}</code> `}${decisionWords(kind)}</span
  >`;
}
