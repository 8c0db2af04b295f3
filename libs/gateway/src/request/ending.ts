/** How a request ended. */
export interface Ending {
  readonly status: number;
  /** Milliseconds from its first byte here to the last byte of its answer. */
  readonly tookMs: number;
}
