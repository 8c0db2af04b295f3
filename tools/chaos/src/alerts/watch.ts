import { setTimeout as sleep } from 'node:timers/promises';
import type { FiringAlert, Prometheus } from '@facet/observability';
import { SERVICES } from './site.js';

/** `FacetBudgetBurnsFast complete`, `FacetServiceUnreachable catalog`, `FacetInstanceDown catalog`. */
function nameOf({ name, labels }: FiringAlert): string {
  return `${name} ${labels['objective'] ?? labels['rpc_service'] ?? labels['process'] ?? ''}`;
}

/** Reads what fires, and remembers what has. */
export class Watch {
  readonly #seen = new Set<string>();
  #firing: readonly string[] = [];

  constructor(private readonly prometheus: Prometheus) {}

  /** What fired when it was read last. */
  get firing(): readonly string[] {
    return this.#firing;
  }

  /** What has fired since the last `reset`. */
  get seen(): readonly string[] {
    return [...this.#seen];
  }

  isFiring(alert: string): boolean {
    return this.#firing.includes(alert);
  }

  reset(): void {
    this.#seen.clear();
  }

  /** Reads until `isDone`, or until `withinMs` is over; gives back whether it was done. */
  async until(isDone: (firing: readonly string[]) => boolean, withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (performance.now() < end) {
      this.#firing = await this.#read();
      for (const each of this.#firing) this.#seen.add(each);
      if (isDone(this.#firing)) return true;
      await sleep(100);
    }
    return false;
  }

  async #read(): Promise<readonly string[]> {
    const alerts = await this.prometheus.firing();
    return alerts.filter(isOfSite).map(nameOf);
  }
}

function isOfSite({ labels: { rpc_service: service } }: FiringAlert): boolean {
  return service === undefined || SERVICES.includes(service);
}
