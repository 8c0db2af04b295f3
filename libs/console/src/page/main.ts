/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { html, render, type TemplateResult } from 'lit-html';
import { applyTheme, frame } from './frame.js';
import { comparePage } from './compare.js';
import { livePage } from './live.js';
import { requestPage } from './request.js';
import { Store } from './store.js';
import { unlock } from './unlock.js';
import { whatIfPage } from './what-if.js';

/** A card's padding and border, both sides. */
const CARD = 34;

applyTheme();
const root = document.createElement('div');
root.className = 'root';
document.body.prepend(root);

const store = new Store(() => render(frame(store, page()), root));

function page(): TemplateResult {
  const { connection, place } = store.state;
  if (connection === 'locked') return unlock(() => start());
  switch (place.kind) {
    case 'live':
      return livePage(store, contentWidth());
    case 'request':
      return requestPage(store, place.id);
    case 'compare':
      return comparePage(store, place);
    case 'what-if':
      return whatIfPage(store, place.route);
    default:
      return html``;
  }
}

/** Of what lies inside a card, in pixels. */
function contentWidth(): number {
  const main = document.querySelector('main');
  const style = main === null ? undefined : getComputedStyle(main);
  const outside = style === undefined ? 0 : parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return (main?.clientWidth ?? document.documentElement.clientWidth) - outside - CARD;
}

function start(): void {
  store.set({ connection: 'connecting' });
  void store.run();
}

addEventListener('hashchange', () => store.moved(location.hash));
addEventListener('resize', () => store.set({}));
start();
void store.watchNeighbours();
