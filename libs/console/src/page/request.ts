import { html, nothing, type TemplateResult } from 'lit-html';
import type { RequestRecord } from '@facet/gateway';
import type { ProcessLine } from '../logs.js';
import type { RequestDetail } from '../view.js';
import { bytes, clock, moment, ms } from './format.js';
import { icons, signs } from './icons.js';
import { planDrawing } from './plan.js';
import { hashOf } from './place.js';
import type { Loaded, Store } from './store.js';
import { legend, waterfall } from './waterfall.js';
import { endingWords, storyOf } from './words.js';

/** One request with all that is known of it. */
export function requestPage(store: Store, id: string): TemplateResult {
  const loaded = store.state.details.get(id);
  if (loaded?.state !== 'there') return absent(loaded);
  const { record } = loaded.value;
  const plan = store.state.routes.find(
    ({ plan }) => plan !== undefined && plan.name === record.aggregation,
  )?.plan;
  return html`${head(store, loaded.value)}
    <section class="card" aria-labelledby="waterfall-title">
      <header class="card-head">
        <h2 id="waterfall-title">Where the time went</h2>
        ${legend()}
      </header>
      ${waterfall({
        record,
        label: 'Waterfall',
        openRow: store.state.openRow,
        onOpen: (openRow) => store.set({ openRow }),
      })}
    </section>
    <div class="facts">
      ${
        plan === undefined
          ? nothing
          : html`<section class="card is-plan" aria-labelledby="plan-title">
              <header class="card-head">
                <h2 id="plan-title">Plan</h2>
                <small>${plan.name}, within ${ms(plan.deadlineMs)}</small>
              </header>
              ${planDrawing(plan, record)}
            </section>`
      }
      ${logLines(store.state.lines.get(record.traceId), plan === undefined)}
      ${message('Request', record.bytesIn, requestLines(record))}
      ${message('Answer', record.bytesOut, Object.entries(record.responseHeaders))}
    </div>`;
}

export function absent(loaded: Loaded<unknown> | undefined): TemplateResult {
  if (loaded?.state !== 'missing') return html`<p class="empty">Loading…</p>`;
  return html`<section class="card">
    <h1>This request is not here</h1>
    <p>
      The console keeps the last 1,000 requests of the time that it was open, and 200 that failed, were
      partial or slow. This one is not among them; it may be another gateway’s.
    </p>
    <p><a href="#/">${icons.back} All requests</a></p>
  </section>`;
}

function head(store: Store, { record, summary, isEarlier }: RequestDetail): TemplateResult {
  const { id, method, route, path, status, at, traceId, durationMs } = record;
  const whatIf = store.state.routes.find(
    (each) => each.plan !== undefined && each.path === route && each.method === method,
  );
  const copy = () =>
    void navigator.clipboard
      .writeText(`${location.origin}${location.pathname}${hashOf({ kind: 'request', id: traceId })}`)
      .then(
        () => store.set({ notice: 'Link copied' }),
        () => store.set({ notice: 'The browser does not allow to copy' }),
      );
  return html`<header class="page-head">
    <a class="back" href="#/">${icons.back} All requests</a>
    <h1>
      <span class="status is-${summary.ending}"
        ><i aria-hidden="true">${signs[summary.ending]}</i>${status}</span
      >
      <span class="method">${method}</span> ${route === 'none' ? path : route}
    </h1>
    <p class="story">${storyOf(record)}</p>
    <dl class="ids">
      <div>
        <dt>Ending</dt>
        <dd>${endingWords[summary.ending]}</dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd>${ms(durationMs)}</dd>
      </div>
      <div>
        <dt>When</dt>
        <dd>${moment(at)}${isEarlier ? ', before the last restart' : ''}</dd>
      </div>
      <div>
        <dt>Caller</dt>
        <dd>${record.client}</dd>
      </div>
      <div>
        <dt>Trace</dt>
        <dd><code>${traceId}</code></dd>
      </div>
    </dl>
    <div class="actions">
      ${whatIf === undefined ? nothing : html`<a class="button primary" href=${hashOf({ kind: 'what-if', route: `${method} ${route}` })}>${icons.question} What if a part fails?</a>`}
      <button @click=${() => pin(store, id)}>${icons.compare} Compare with another</button>
      <button @click=${copy}>
        ${icons.link} ${store.state.notice === 'Link copied' ? 'Copied' : 'Copy link'}
      </button>
      <button @click=${() => save(record)}>${icons.save} Save as JSON</button>
    </div>
  </header>`;
}

function pin(store: Store, id: string): void {
  store.set({ pinned: id });
  location.hash = '#/';
}

/** As a file, for somebody whose console does not have it. */
function save(record: RequestRecord): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(record, null, 2)], { type: 'application/json' }));
  link.download = `${record.gateway}-${record.traceId}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

function requestLines({ path, queryNames, requestHeaders }: RequestRecord): [string, string][] {
  const query = queryNames.length === 0 ? '' : `?${queryNames.map((name) => `${name}=…`).join('&')}`;
  return [['path', path + query], ...Object.entries(requestHeaders)];
}

function message(title: string, size: number, lines: readonly (readonly [string, string])[]): TemplateResult {
  const titleId = `message-${title}`;
  return html`<section class="card" aria-labelledby=${titleId}>
    <header class="card-head">
      <h2 id=${titleId}>${title}</h2>
      <small>${size === 0 ? 'no body' : `${bytes(size)} of body`}</small>
    </header>
    <dl class="headers">
      ${lines.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** What the processes of the workspace have logged for the trace. */
function logLines(loaded: Loaded<readonly ProcessLine[]> | undefined, isWide: boolean): TemplateResult {
  const lines = loaded?.state === 'there' ? loaded.value : [];
  return html`<section class="card ${isWide ? 'is-wide' : ''}" aria-labelledby="log-title">
    <header class="card-head">
      <h2 id="log-title">Log</h2>
      <small>of every process that knew the trace</small>
    </header>
    ${
      lines.length === 0
        ? noLines(loaded)
        : html`<ol class="log">
            ${lines.map(logLine)}
          </ol>`
    }
  </section>`;
}

function noLines(loaded: Loaded<unknown> | undefined): TemplateResult {
  if (loaded?.state !== 'there') return html`<p class="empty">Loading…</p>`;
  return html`<p class="empty">
    Nothing is in <code>.facet/logs</code> for this trace. Elsewhere, search the logs for its id.
  </p>`;
}

function logLine({ at, process, level, message: text, fields }: ProcessLine): TemplateResult {
  return html`<li class="is-${level}">
    <time>${at === undefined ? nothing : clock(at)}</time><b>${process}</b><span class="level">${level}</span
    ><span class="text">${text} <small>${fieldsOf(fields)}</small></span>
  </li>`;
}

function fieldsOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
    .slice(0, 2_000);
}
