import { html, nothing, type TemplateResult } from 'lit-html';
import { icons } from './icons.js';
import type { State, Store } from './store.js';

/** What stands round every page: the gateways, the state of the connection, the theme. */
export function frame(store: Store, page: TemplateResult): TemplateResult {
  const { state } = store;
  return html`<a class="skip" href="#main">Skip to the content</a>
    <header class="bar">
      <a class="brand" href="#/">${icons.gem}<span>Facet</span></a>
      <nav class="gateways" aria-label="Gateways">${gatewayLinks(state)}</nav>
      <span class="spread"></span>
      ${state.pinned === undefined ? nothing : pinned(store)} ${connection(state)}
      <button class="quiet" @click=${switchTheme} title="Light or dark" aria-label="Light or dark">
        ${icons.theme}
      </button>
    </header>
    <main id="main" tabindex="-1">${page}</main>
    <p class="sr" role="status" aria-live="polite">${state.notice}</p>`;
}

function gatewayLinks({ gateway, neighbours }: State): TemplateResult[] {
  const own = { name: gateway, console: '#/', isUp: true };
  const others = neighbours.filter(({ name }) => name !== gateway);
  const all = gateway === '' ? others : [own, ...others].toSorted((a, b) => a.name.localeCompare(b.name));
  return all.map(
    ({ name, console, isUp }) =>
      html`<a
        href=${console}
        class=${isUp ? '' : 'is-down'}
        aria-current=${name === gateway ? 'page' : 'false'}
        title=${isUp ? `The console of ${name}` : `${name} is not ready`}
        >${name}</a
      >`,
  );
}

function pinned(store: Store): TemplateResult {
  return html`<span class="pinned"
    >${icons.compare}<span>Open a second request to compare</span
    ><button
      class="quiet"
      aria-label="Compare nothing"
      @click=${() => store.set({ pinned: undefined, notice: 'Comparing nothing' })}
    >
      ${icons.close}
    </button></span
  >`;
}

const connections: Readonly<Record<State['connection'], string>> = {
  connecting: 'connecting',
  open: 'live',
  lost: 'gateway gone, trying again',
  locked: 'locked',
};

function connection({ connection: is, isPaused }: State): TemplateResult {
  const words = is === 'open' && isPaused ? 'paused' : connections[is];
  return html`<span class="connection is-${isPaused && is === 'open' ? 'paused' : is}"
    ><i></i>${words}</span
  >`;
}

const THEME = 'facet-console-theme';

export function applyTheme(): void {
  const theme = localStorage.getItem(THEME);
  if (theme !== null) document.documentElement.dataset['theme'] = theme;
}

function switchTheme(): void {
  const { dataset } = document.documentElement;
  const isDark =
    dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : dataset['theme'] === 'dark';
  localStorage.setItem(THEME, isDark ? 'light' : 'dark');
  applyTheme();
}
