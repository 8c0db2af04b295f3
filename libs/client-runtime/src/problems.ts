import type { ClientProblem, Problem } from './operation.js';

const titles: Readonly<Record<ClientProblem['code'], string>> = {
  'client.unreachable': 'The gateway cannot be reached',
  'client.timeout': 'There was no answer in time',
  'client.bad-answer': 'The answer cannot be read',
  'client.rate-limited': 'A limit is used up',
  'client.no-credentials': 'There is nothing to prove the caller by',
  'client.undocumented': 'A problem that this client was made without',
};

/** A problem that no gateway has said. */
export function clientProblem(code: ClientProblem['code'], detail: string, status = 0): ClientProblem {
  return { code, status, title: titles[code], detail };
}

/** The problem in a refusal; one of the client's own where it is none of a gateway's, or has none of these codes. */
export async function problemIn(response: Response, codes?: readonly string[]): Promise<Problem> {
  const { status, headers } = response;
  try {
    if (headers.get('content-type')?.startsWith('application/problem+json') === true) {
      const found = (await response.json()) as Problem;
      if (typeof found.code === 'string') return known(found, codes);
    }
  } catch {
    // It broke off in the middle.
  }
  return clientProblem('client.bad-answer', `The answer has the status ${status} and is no problem`, status);
}

/** A problem as the client's types have it. */
export function known(problem: Problem, codes?: readonly string[]): Problem | ClientProblem {
  if (codes === undefined || codes.includes(problem.code)) return problem;
  return { ...problem, code: 'client.undocumented', undocumentedCode: problem.code };
}
