import { UsageError } from '../diff/base.js';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks a Prometheus server. */
export class Prometheus {
  readonly #url: URL;

  /** @throws UsageError where `url` is no address */
  constructor(url: string) {
    try {
      this.#url = new URL(`${url.replace(/\/$/, '')}/api/v1/query`);
    } catch (cause) {
      throw new UsageError(`--prometheus is "${url}", expected an address like http://127.0.0.1:9090`, {
        cause,
      });
    }
  }

  /** @throws UsageError where the server cannot be reached, or refuses */
  async query(promql: string): Promise<readonly Sample[]> {
    const body = new URLSearchParams({ query: promql });
    let answer: Response;
    try {
      answer = await fetch(this.#url, { method: 'POST', body, signal: AbortSignal.timeout(30_000) });
    } catch (cause) {
      throw new UsageError(`Prometheus cannot be reached at ${this.#url.origin}: ${whyOf(cause)}`, { cause });
    }
    const said = (await answer.json().catch(() => ({}))) as Answer;
    if (said.status !== 'success')
      throw new UsageError(
        `Prometheus at ${this.#url.origin} refused: ${said.error ?? `status ${answer.status}`}`,
      );
    return (said.data?.result ?? []).map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }
}

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

function whyOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
