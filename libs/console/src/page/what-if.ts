import { html, nothing, type TemplateResult } from 'lit-html';
import type { FaultKind } from '@facet/aggregation';
import type { WhatIfAnswer, WhatIfRow, WhatIfView } from '../view.js';
import { listed, ms } from './format.js';
import { icons } from './icons.js';
import { diffOf, folded, type DiffLine } from './json-diff.js';
import { planDrawing } from './plan.js';
import { absent } from './request.js';
import type { Store } from './store.js';
import { reasonWords } from './words.js';

const faults: readonly (readonly [FaultKind, string, string])[] = [
  ['slow', 'Slow', 'It never answers.'],
  ['error', 'Gone', 'Its service cannot be reached.'],
  ['malformed', 'Wrong', 'Its answer breaks the contract.'],
  ['empty', 'Empty', 'It has nothing: every list is empty, every field null that may be.'],
];

/** What the client of an endpoint would get with one part failing: from the real aggregation, on made-up answers. */
export function whatIfPage(store: Store, route: string): TemplateResult {
  const loaded = store.state.whatIfs.get(route);
  if (loaded?.state === 'missing') {
    return html`<section class="card">
      <h1>Nothing to try</h1>
      <p><code>${route}</code> is not answered by an aggregation.</p>
      <p><a href="#/">${icons.back} All requests</a></p>
    </section>`;
  }
  if (loaded?.state !== 'there') return absent(loaded);
  const view = loaded.value;
  const plan = store.state.routes.find((each) => `${each.method} ${each.path}` === route)?.plan;
  return html`<header class="page-head">
      <a class="back" href="#/">${icons.back} All requests</a>
      <h1>What if a part of <span class="method">${route}</span> fails?</h1>
      <p class="story">${storyOf(view)}</p>
      <p class="note">
        The real aggregation was run once for each cell, on answers made from the contracts and on a clock of
        its own. No service was called.
      </p>
    </header>
    <section class="card" aria-labelledby="matrix-title">
      <header class="card-head"><h2 id="matrix-title">What the client gets</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Failure matrix">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Part</th>
              ${faults.map(([, name, words]) => html`<th scope="col">${name}<small>${words}</small></th>`)}
            </tr>
          </thead>
          <tbody>
            ${view.rows.map((row) => matrixRow(store, view, row))}
          </tbody>
        </table>
      </div>
    </section>
    ${
      plan === undefined
        ? nothing
        : html`<section class="card is-plan" aria-labelledby="plan-title">
            <header class="card-head">
              <h2 id="plan-title">Plan</h2>
              <small>${plan.name}, within ${ms(plan.deadlineMs)}</small>
            </header>
            ${planDrawing(plan, undefined)}
          </section>`
    }`;
}

function storyOf({ rows }: WhatIfView): string {
  const breaking = rows.filter(({ cells }) => Object.values(cells).some(({ status }) => status >= 500));
  const names = breaking.map(({ part }) => part);
  const rest = rows.length - names.length;
  if (names.length === 0) return 'No single part can fail it: the client always gets an answer.';
  const others =
    rest === 0
      ? ''
      : ` Without any of the other ${rest === 1 ? 'one' : rest} the client still gets an answer.`;
  return `Without ${listed(names)} there is no answer.${others}`;
}

function matrixRow(store: Store, view: WhatIfView, row: WhatIfRow): TemplateResult {
  const { part, kind, service, operation, cells } = row;
  const open = faults.find(([fault]) => store.state.openCell === `${part} ${fault}`);
  return html`<tr>
      <th scope="row"><b>${part}</b><small>${kind} · ${service}.${operation}</small></th>
      ${faults.map(([fault, name]) => {
        const key = `${part} ${fault}`;
        const isOpen = store.state.openCell === key;
        return html`<td data-fault=${name}>
          <button
            class="cell is-${toneOf(cells[fault])}"
            aria-expanded=${isOpen}
            @click=${() => store.set({ openCell: isOpen ? undefined : key })}
          >
            <span class="sr">${part} ${name.toLowerCase()}: </span><b>${cells[fault].status}</b
            ><span>${cellWords(cells[fault])}</span>${waitOf(cells[fault])}
          </button>
        </td>`;
      })}
    </tr>
    ${
      open === undefined
        ? nothing
        : html`<tr class="opened-row">
            <td colspan=${faults.length + 1}>
              ${answerOf(cells[open[0]], view.whole, `${part} ${open[1].toLowerCase()}`)}
            </td>
          </tr>`
    }`;
}

function toneOf({ status, missing }: WhatIfAnswer): string {
  if (status >= 500) return 'error';
  return missing.length > 0 ? 'degraded' : 'ok';
}

function cellWords({ status, missing }: WhatIfAnswer): string {
  if (status >= 500) return 'no answer';
  return missing.length === 0 ? 'whole' : `without ${listed(missing.map(({ part }) => part))}`;
}

function waitOf({ waitMs }: WhatIfAnswer): TemplateResult | typeof nothing {
  return waitMs < 1 ? nothing : html`<small>after ${ms(waitMs)}</small>`;
}

function answerOf(answer: WhatIfAnswer, whole: WhatIfAnswer, title: string): TemplateResult {
  const { status, problem, missing, cacheControl, waitMs } = answer;
  return html`<div class="answer">
    <dl class="ids">
      <div>
        <dt>Status</dt>
        <dd>${status}${problem === undefined ? '' : `, ${problem}`}</dd>
      </div>
      <div>
        <dt>Waits for the fault</dt>
        <dd>${waitMs < 1 ? 'not at all' : ms(waitMs)}</dd>
      </div>
      ${
        cacheControl === undefined
          ? nothing
          : html`<div>
              <dt>Cache-Control</dt>
              <dd><code>${cacheControl}</code></dd>
            </div>`
      }
      ${missing.map(
        ({ part, reason }) =>
          html`<div>
            <dt>${part}</dt>
            <dd>${reasonWords(reason)}</dd>
          </div>`,
      )}
    </dl>
    <div class="scroll" tabindex="0" role="group" aria-label="The answer with ${title}">
      <pre class="diff">${shownBody(answer, whole).map(diffLine)}</pre>
    </div>
  </div>`;
}

/** A problem as it is; an answer by what it differs from the whole one. */
function shownBody({ status, body }: WhatIfAnswer, whole: WhatIfAnswer): readonly DiffLine[] {
  const lines = diffOf(status >= 400 ? body : whole.body, body);
  return status >= 400 ? lines : folded(lines);
}

const marks: Readonly<Record<DiffLine['kind'], string>> = { same: '  ', gone: '- ', new: '+ ', folded: '  ' };

function diffLine({ kind, text }: DiffLine): TemplateResult {
  return html`<span class="is-${kind}">${marks[kind]}${text} </span>`;
}
