import type { Node } from '../contract/model.js';
import { compile, type Walk } from './compile.js';
import { assumedLayout, layoutOf, mergeLayouts, type Layout } from './layout.js';
import type { Sink } from './sink.js';

/** Orders that contradict each other and are known at a time. */
const MOST_ORDERS = 4;
/** How often orders are learnt until there is a rest, and how many answers that is: a service cannot make us compile without end. */
const LEARNT_AT_A_STRETCH = 4;
const REST = 1_000;

interface Order {
  readonly layout: Layout | undefined;
  readonly compiled: Walk;
}

/** The walks over the answers of one contract: those of the orders that were learnt, the one that fitted last first. */
export class Scanner {
  #orders: Order[];
  /** Whether the only order is the contract's own, of which no answer has said that it is right. */
  #isAssumed = true;
  #learnt = 0;
  #rest = 0;

  constructor(
    private readonly node: Node,
    private readonly sink: Sink,
  ) {
    this.#orders = [this.#order(assumedLayout(node))];
  }

  /** The walks to try, in this order. */
  get walks(): readonly { readonly compiled: Walk }[] {
    return this.#orders;
  }

  /** The walk at `index` fitted. */
  fitted(index: number): void {
    this.#isAssumed = false;
    if (index === 0) return;
    const [order] = this.#orders.splice(index, 1);
    if (order !== undefined) this.#orders.unshift(order);
  }

  /** No walk fitted an answer that holds to the contract: learns the order of its keys. */
  learn(answer: unknown): void {
    if (this.#rest > 0) {
      this.#rest--;
      return;
    }
    if (++this.#learnt % LEARNT_AT_A_STRETCH === 0) this.#rest = REST;
    const layout = layoutOf(this.node, answer);
    if (layout !== 'unclear') this.#add(layout);
  }

  #add(layout: Layout | undefined): void {
    if (this.#isAssumed) this.#orders = [];
    this.#isAssumed = false;
    for (const [index, order] of this.#orders.entries()) {
      const merged = mergeLayouts(this.node, order.layout, layout);
      if (merged === 'unclear') continue;
      this.#orders.splice(index, 1);
      this.#orders.unshift(this.#order(merged));
      return;
    }
    this.#orders.unshift(this.#order(layout));
    this.#orders.length = Math.min(this.#orders.length, MOST_ORDERS);
  }

  #order(layout: Layout | undefined): Order {
    return { layout, compiled: compile(this.node, layout, this.sink) };
  }
}
