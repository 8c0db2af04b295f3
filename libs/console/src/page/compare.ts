import { html, nothing, type TemplateResult } from 'lit-html';
import type { RequestRecord } from '@facet/gateway';
import type { RequestDetail } from '../view.js';
import { clock, ms } from './format.js';
import { icons } from './icons.js';
import { hashOf } from './place.js';
import { absent } from './request.js';
import type { Store } from './store.js';
import { waterfall } from './waterfall.js';
import { stateWords, storyOf } from './words.js';

/** Two requests on one scale, and what differs part by part. */
export function comparePage(store: Store, { one, other }: { one: string; other: string }): TemplateResult {
  const first = store.state.details.get(one);
  const second = store.state.details.get(other);
  if (first?.state !== 'there') return absent(first);
  if (second?.state !== 'there') return absent(second);
  const both = [first.value, second.value] as const;
  const scaleMs = Math.max(...both.map(({ record }) => record.durationMs));
  return html`<header class="page-head">
      <a class="back" href="#/">${icons.back} All requests</a>
      <h1>Two requests, side by side</h1>
      <p class="story">${differenceWords(both[0].record, both[1].record)}</p>
      <div class="actions">
        <a class="button" href=${hashOf({ kind: 'compare', one: other, other: one })}>Swap A and B</a>
        ${store.state.pinned === undefined ? nothing : html`<button @click=${() => store.set({ pinned: undefined })}>Done comparing</button>`}
      </div>
    </header>
    ${differences(both[0].record, both[1].record)}
    <div class="pair">
      ${both.map((detail, index) => side(store, detail, { scaleMs, letter: index === 0 ? 'A' : 'B' }))}
    </div>`;
}

function side(
  store: Store,
  { record, isEarlier }: RequestDetail,
  { scaleMs, letter }: { scaleMs: number; letter: string },
): TemplateResult {
  const { id, method, route, path, at, status, durationMs } = record;
  const key = store.state.openRow;
  return html`<section class="card" aria-label="Request ${letter}">
    <header class="card-head is-side">
      <h2>
        <span class="letter is-${letter}">${letter}</span>
        <a href=${hashOf({ kind: 'request', id })}>${method} ${route === 'none' ? path : route}</a>
      </h2>
      <small
        >${status} in ${ms(durationMs)}, ${clock(at)}${isEarlier ? ', before the last restart' : ''}</small
      >
    </header>
    <p class="story">${storyOf(record)}</p>
    ${waterfall({
      ...{ record, scaleMs, label: `Waterfall of ${letter}` },
      openRow: key?.startsWith(letter) ? key.slice(2) : undefined,
      onOpen: (row) => store.set({ openRow: row === undefined ? undefined : `${letter} ${row}` }),
    })}
  </section>`;
}

function differenceWords(one: RequestRecord, other: RequestRecord): string {
  const by = other.durationMs - one.durationMs;
  const times =
    Math.max(one.durationMs, other.durationMs) / Math.max(0.01, Math.min(one.durationMs, other.durationMs));
  const slower = by > 0 ? 'B' : 'A';
  const most = partDifferences(one, other).toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by))[0];
  const what =
    most === undefined || Math.abs(most.by) < 1 ? '' : ` Most of it is ${most.name}: ${signed(most.by)}.`;
  if (Math.abs(by) < 1) return `Both took about as long.${what}`;
  return `${slower} took ${ms(Math.abs(by))} longer, ${times.toFixed(1)} times as long.${what}`;
}

interface Difference {
  readonly name: string;
  readonly one: RequestRecord['parts'][number] | undefined;
  readonly other: RequestRecord['parts'][number] | undefined;
  readonly by: number;
}

function partDifferences(one: RequestRecord, other: RequestRecord): readonly Difference[] {
  const names = new Set([...one.parts, ...other.parts].map(({ name }) => name));
  return [...names].map((name) => {
    const [a, b] = [one, other].map(({ parts }) => parts.find((part) => part.name === name));
    const took = (part: typeof a) => (part === undefined ? 0 : part.endMs - part.startMs);
    return { name, one: a, other: b, by: took(b) - took(a) };
  });
}

function differences(one: RequestRecord, other: RequestRecord): TemplateResult {
  const all = partDifferences(one, other);
  if (all.length === 0) return html``;
  const most = Math.max(1, ...all.map(({ by }) => Math.abs(by)));
  return html`<section class="card" aria-labelledby="difference-title">
    <header class="card-head"><h2 id="difference-title">Part by part</h2></header>
    <div class="scroll" tabindex="0" role="group" aria-label="Differences">
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col"><span class="letter is-A">A</span></th>
            <th scope="col"><span class="letter is-B">B</span></th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ name, one: a, other: b, by }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${cell(a)}</td>
                <td>${cell(b)}</td>
                <td class="by is-${by > 0 ? 'more' : 'less'}">
                  <span class="by-track"
                    ><span
                      class="by-bar"
                      .style=${`width:${(Math.abs(by) / most) * 50}%;${by > 0 ? 'left:50%' : 'right:50%'}`}
                    ></span></span
                  ><b>${signed(by)}</b>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function cell(part: RequestRecord['parts'][number] | undefined): TemplateResult {
  if (part === undefined) return html`<small>not there</small>`;
  return html`${ms(part.endMs - part.startMs)}
    <span class="tag is-${part.state}">${stateWords[part.state]}</span>`;
}

function signed(by: number): string {
  if (Math.abs(by) < 0.05) return 'no difference';
  return `${by > 0 ? '+' : '−'}${ms(Math.abs(by))}`;
}
