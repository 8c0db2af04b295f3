import { systemClock } from '@facet/contracts';
import type { FrameWriter } from './frame-writer.js';

/** A stock server closes a connection on which the rest of a frame does not come. By default it waits for 30 s. */
const FINISH_AFTER_MS = 1000;
const MAX_ZEROS = 16;

interface Awaited {
  /** Whether answers are due. */
  isDue(): boolean;
  /** Sends a frame, any frame: what was begun must end. */
  finishFrame(): void;
}

/**
 * Keeps answers of a stock server from waiting for acknowledgements. Such a server does not set TCP_NODELAY: its kernel
 * holds a small answer back until the one before is acknowledged, and the kernel here delays that by up to 40 ms unless
 * there is something to send. So where answers are due and nothing was sent for a moment, one byte is sent: a zero, the
 * first digit of the next frame's length. The server keeps it until that frame comes.
 */
export class Acknowledger {
  #isArmed = false;
  #stop: () => void = () => undefined;
  #stopFinish: (() => void) | undefined;

  constructor(
    private readonly writer: FrameWriter,
    private readonly afterMs: number,
    private readonly answers: Awaited,
  ) {}

  /** Bytes came. */
  saw(): void {
    this.writer.hasWritten = false;
    if (this.#isArmed || !this.answers.isDue()) return;
    this.#isArmed = true;
    this.#stop = systemClock.after(this.afterMs, this.#acknowledge);
  }

  stop(): void {
    this.#isArmed = true;
    this.#stop();
    this.#stopFinish?.();
  }

  readonly #acknowledge = (): void => {
    this.#isArmed = false;
    if (this.writer.hasWritten || !this.answers.isDue()) return;
    if (this.writer.zeros >= MAX_ZEROS) return this.answers.finishFrame();
    this.writer.writeZero();
    this.#stopFinish ??= systemClock.after(FINISH_AFTER_MS, this.#finish);
  };

  readonly #finish = (): void => {
    this.#stopFinish = undefined;
    if (this.writer.zeros > 0) this.answers.finishFrame();
  };
}
