/** One span of a trace, made when it is over. Names follow OpenTelemetry's stable conventions. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Whether it failed; why is the attribute `error.type`. */
  readonly failed: boolean;
}
