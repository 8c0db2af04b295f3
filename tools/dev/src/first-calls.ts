import { setTimeout as sleep } from 'node:timers/promises';

/** How long the first answers may take on a machine that has much else to do, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Makes the calls that will be printed, so that a copied one is answered at once: the first request of a
 * process that has just started takes many times as long as its second. Resolves with what is wrong, if anything is.
 */
export async function answered(urls: readonly string[]): Promise<string | undefined> {
  const problems = await Promise.all(urls.map((url) => firstAnswer(url)));
  return problems.find((problem) => problem !== undefined);
}

async function firstAnswer(url: string): Promise<string | undefined> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { problem, passes } = await ask(url, until - performance.now());
    if (problem === undefined || !passes || performance.now() > until) return problem;
    await sleep(100);
  }
}

/** What is wrong with an answer, and whether that is of the kind that passes. */
async function ask(
  url: string,
  timeoutMs: number,
): Promise<{ readonly problem?: string; readonly passes: boolean }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))) });
    const body = await response.text();
    const passes = response.status >= 500;
    return response.ok ? { passes } : { problem: `GET ${url} answers ${response.status}: ${body}`, passes };
  } catch (error) {
    return { problem: `GET ${url} gives no answer: ${(error as Error).message}`, passes: true };
  }
}
