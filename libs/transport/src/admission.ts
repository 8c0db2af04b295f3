import type { Priority } from '@facet/contracts';

/** Something that wants to be worked on. */
export interface Job {
  readonly priority: Priority;
  /** In bytes. */
  readonly size: number;
  /** Its turn. It calls `Admission.finished` when done. */
  run(): void;
  /** There is no room for it. */
  shed(): void;
}

interface AdmissionBounds {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly maxHeldBytes: number;
}

const FALLING: readonly Priority[] = ['high', 'normal', 'low'];

/**
 * Who is worked on, who waits, who is sent away. Those that wait go by priority, then by age. Where no room is left, the
 * oldest of the lowest priority goes: it is the one whose caller has least time left.
 */
export class Admission {
  readonly #waiting = { high: new Set<Job>(), normal: new Set<Job>(), low: new Set<Job>() };
  #running = 0;
  #waitingCount = 0;
  #heldBytes = 0;
  #isStarting = false;

  constructor(private readonly bounds: AdmissionBounds) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waitingCount;
  }

  enter(job: Job): void {
    const full = this.#heldBytes + job.size > this.bounds.maxHeldBytes;
    if (!full && this.#running < this.bounds.maxConcurrent) {
      this.#heldBytes += job.size;
      return this.#start(job);
    }
    if ((full || this.#waitingCount >= this.bounds.maxWaiting) && !this.#makeRoom(job)) return job.shed();
    this.#heldBytes += job.size;
    this.#waiting[job.priority].add(job);
    this.#waitingCount++;
  }

  /** A job that waits is not wanted any more. False where it does not wait. */
  withdraw(job: Job): boolean {
    if (!this.#waiting[job.priority].delete(job)) return false;
    this.#waitingCount--;
    this.#heldBytes -= job.size;
    return true;
  }

  /** A job is done: the next one's turn. Jobs may end while they start, thousands in a row, so this does not nest. */
  finished(job: Job): void {
    this.#running--;
    this.#heldBytes -= job.size;
    if (this.#isStarting) return;
    this.#isStarting = true;
    while (this.#waitingCount > 0 && this.#running < this.bounds.maxConcurrent) {
      const next = this.#first(FALLING);
      if (next === undefined || !this.withdraw(next)) break;
      this.#heldBytes += next.size;
      this.#start(next);
    }
    this.#isStarting = false;
  }

  #start(job: Job): void {
    this.#running++;
    job.run();
  }

  /** Sends away one that waits and matters less than `job`. */
  #makeRoom(job: Job): boolean {
    const lower = FALLING.slice(FALLING.indexOf(job.priority) + 1).reverse();
    const victim = this.#first(lower);
    if (victim === undefined || !this.withdraw(victim)) return false;
    victim.shed();
    return this.#heldBytes + job.size <= this.bounds.maxHeldBytes;
  }

  #first(priorities: readonly Priority[]): Job | undefined {
    for (const priority of priorities) {
      for (const job of this.#waiting[priority]) return job;
    }
    return undefined;
  }
}
