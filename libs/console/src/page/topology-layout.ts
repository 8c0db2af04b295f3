/** Where the boxes of the topology are, in pixels: pure, so that it can be tested without a browser. */
import type { ServiceView } from '../view.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedService {
  readonly service: ServiceView;
  readonly box: Box;
  readonly instances: readonly { readonly index: number; readonly box: Box }[];
  /** Instances that there is no room for. */
  readonly more: number;
}

export interface TopologyLayout {
  readonly height: number;
  readonly clients: Box;
  readonly gateway: Box;
  readonly services: readonly PlacedService[];
}

const ROW = 46;
const INSTANCE = 30;
const GAP = 12;
const MOST_INSTANCES = 6;

/** Below this width the boxes of clients and gateway are smaller. */
const ROOMY = 900;

/** Below this width boxes go one under the other, without lines. */
export const NARROW = 620;

export function layoutOf(services: readonly ServiceView[], width: number): TopologyLayout {
  const column = Math.min(240, Math.max(160, width * 0.2));
  const own = width < ROOMY ? 114 : 120;
  const gap = (width - 2 * own - 2 * column) / 3;
  const serviceX = own + gap + own + gap;
  const instanceX = serviceX + column + gap;
  let y = 0;
  const placed = services.map((service): PlacedService => {
    const shown = service.instances.slice(0, MOST_INSTANCES);
    const height = Math.max(ROW, shown.length * INSTANCE + (shown.length - 1) * 4);
    const box = { x: serviceX, y: y + (height - ROW) / 2, width: column, height: ROW };
    const first = y + (height - (shown.length * (INSTANCE + 4) - 4)) / 2;
    const instances = shown.map((_, index) => ({
      index,
      box: { x: instanceX, y: first + index * (INSTANCE + 4), width: column, height: INSTANCE },
    }));
    y += height + GAP;
    return { service, box, instances, more: service.instances.length - shown.length };
  });
  const height = Math.max(ROW + GAP, y) - GAP;
  const middle = (boxHeight: number) => (height - boxHeight) / 2;
  return {
    height,
    clients: { x: 0, y: middle(ROW), width: own, height: ROW },
    gateway: { x: own + gap, y: middle(64), width: own, height: 64 },
    services: placed,
  };
}

/** A line from the right side of one box to the left side of another, level at both ends. */
export function edgeOf(from: Box, to: Box): string {
  const x1 = from.x + from.width;
  const y1 = from.y + from.height / 2;
  const y2 = to.y + to.height / 2;
  const bend = (to.x - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${to.x - bend} ${y2} ${to.x} ${y2}`;
}

/** How wide a line is for so many requests a second. */
export function widthOf(rate: number): number {
  return rate <= 0 ? 1 : Math.min(7, 1.5 + Math.log10(1 + rate) * 1.8);
}
