import { createInterface } from 'node:readline/promises';
import { gateways, gatewaysOf, nameOf, Refusal, scopeOf, type Asked, type Options } from './options.js';

/** How somebody is asked; undefined where nobody can be. */
export type Ask = (question: string) => Promise<string>;

/**
 * The options, with what was not given asked for. Who gives a name is asked for nothing that has a default.
 *
 * @throws Refusal where there is no name, and nobody to ask
 */
export async function complete(asked: Asked, ask?: Ask): Promise<Options> {
  const name = asked.name ?? (await askFor(ask, 'What is the workspace called? ', nameOf));
  const isAsked = asked.name === undefined && ask !== undefined;
  const all = gateways.join(',');
  const chosen =
    asked.gateways ??
    (isAsked
      ? await askFor(ask, `Which gateways does it have (${all})? `, (text) => gatewaysOf(text || all))
      : gateways);
  const samples =
    asked.samples ?? (isAsked ? await askFor(ask, 'With the sample shop (y/N)? ', isYes) : false);
  return { name, gateways: chosen, samples, scope: asked.scope ?? scopeOf(name) };
}

const isYes = (text: string): boolean => /^y(?:es)?$/i.test(text);

/** Asks until the answer is one. */
async function askFor<T>(ask: Ask | undefined, question: string, read: (text: string) => T): Promise<T> {
  if (ask === undefined) throw new Refusal('say what the workspace is called: npm create facet@latest shop');
  for (;;) {
    try {
      return read((await ask(question)).trim());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      process.stdout.write(`${error.message}\n`);
    }
  }
}

/** Asks at the terminal, where there is one. */
export function terminal(): { readonly ask?: Ask; readonly close: () => void } {
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env['CI'] === 'true')
    return { close: () => undefined };
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  return { ask: (question) => lines.question(question), close: () => lines.close() };
}
