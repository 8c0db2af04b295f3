import { setTimeout as sleep } from 'node:timers/promises';
import { changesOf, type Call, type ChangesQuery, type OutputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { AnswerCache } from './store/answer-cache.js';
import { allOf, tagOf } from './rule.js';

/** Between two questions to a service, in milliseconds. */
const EVERY_MS = 200;
/** The same to one that did not answer, and to one that does not know the question. */
const FAILED_MS = 500;
const UNKNOWN_MS = 30_000;
const TIMEOUT_MS = 2_000;
/** How often a place is written down for instances that start later, where nothing changes meanwhile. */
const NOTED_EVERY_MS = 30_000;

interface Setup {
  readonly cache: AnswerCache;
  /** The services, called by the gateway for itself. */
  readonly call: Call;
}

/** Asks services what has changed, and lets go of the answers that are not true any more. */
export class InvalidationFeed {
  readonly #stop = new AbortController();

  constructor(private readonly setup: Setup) {}

  follow(services: readonly string[]): void {
    for (const service of services) void this.#run(service);
  }

  close(): void {
    this.#stop.abort(new Fault('request.cancelled', 499, 'The gateway stops.'));
  }

  async #run(service: string): Promise<void> {
    const { signal } = this.#stop;
    let place = await this.setup.cache.placeOf(service);
    let notedAt = -Infinity;
    while (!signal.aborted) {
      let pauseMs = EVERY_MS;
      try {
        const told = await this.#ask(service, place);
        await this.#invalidate(service, told);
        place = told.next;
        if (told.tags.length > 0 || performance.now() - notedAt > NOTED_EVERY_MS) {
          await this.setup.cache.follow(service, place);
          notedAt = performance.now();
        }
      } catch (error) {
        const isUnknown = error instanceof Fault && error.code === 'upstream.no-handler';
        pauseMs = isUnknown ? UNKNOWN_MS : FAILED_MS;
      }
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #ask(service: string, place: string | undefined): Promise<OutputOf<ChangesQuery>> {
    const options = { signal: this.#stop.signal, deadline: performance.now() + TIMEOUT_MS };
    const input = place === undefined ? {} : { since: place };
    return (await this.setup.call(changesOf(service), input, options)).value;
  }

  async #invalidate(service: string, { tags, reset }: OutputOf<ChangesQuery>): Promise<void> {
    if (reset) await this.setup.cache.invalidate([allOf(service)]);
    else if (tags.length > 0) await this.setup.cache.invalidate(tags.map((tag) => tagOf(service, tag)));
  }
}
