import { createHash } from 'node:crypto';
import type { BuildScreen } from '../clients/api.js';
import type { HttpClient, Seen } from '../clients/http.js';

/** What came of one time that a screen was built. Times in milliseconds since the client began. */
export interface Turn {
  readonly isOk: boolean;
  readonly firstMs: number;
  readonly completeMs: number;
  readonly calls: number;
  /** Calls of the longest chain of which each began after the one before it had ended. */
  readonly inRow: number;
  readonly connections: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Of the bodies, as they were sent and unpacked. */
  readonly bodyBytes: number;
  readonly rawBytes: number;
  /** Of what the screen shows: the same for each way, or a part is missing. */
  readonly shown: string;
  /** The paths that were asked for, by their place in the chain: what load is made of. */
  readonly steps: readonly (readonly string[])[];
}

/** Builds a screen once and tells what it took. */
export async function takeTurn(client: HttpClient, build: BuildScreen): Promise<Turn> {
  const before = client.wire;
  const firstCall = client.calls.length;
  const start = performance.now();
  let first: number | undefined;
  let screen: object | undefined;
  try {
    screen = await build(client, () => (first ??= performance.now() - start));
  } catch {
    // A screen that could not be built is a result too.
  }
  const completeMs = performance.now() - start;
  const calls = client.calls.slice(firstCall);
  const after = client.wire;
  const sum = (of: (call: Seen) => number): number => calls.reduce((all, each) => all + of(each), 0);
  const steps = stepsOf(calls);
  return {
    isOk: screen !== undefined,
    firstMs: first ?? completeMs,
    completeMs,
    calls: calls.length,
    inRow: steps.length,
    connections: after.connections - before.connections,
    bytesUp: after.up - before.up,
    bytesDown: after.down - before.down,
    bodyBytes: sum(({ bodyBytes }) => bodyBytes),
    rawBytes: sum(({ rawBytes }) => rawBytes),
    shown:
      screen === undefined ? '' : createHash('sha1').update(canonical(screen)).digest('hex').slice(0, 12),
    steps,
  };
}

/** The calls by how many had to end before each began. */
function stepsOf(calls: readonly Seen[]): readonly (readonly string[])[] {
  const depths: number[] = [];
  const steps: string[][] = [];
  calls.forEach(({ startedAt, path }, index) => {
    const before = calls
      .slice(0, index)
      .flatMap((other, at) => (other.endedAt <= startedAt ? [depths[at] ?? 0] : []));
    const depth = Math.max(-1, ...before) + 1;
    depths.push(depth);
    (steps[depth] ??= []).push(path);
  });
  return steps;
}

/** JSON in which the order of fields says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
