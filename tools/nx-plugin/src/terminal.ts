import process from 'node:process';
import { autocompleteMultiselect, cancel, isCancel, select, text } from '@clack/prompts';
import type { Ask, Choice } from './questions.js';

/** Asks at the terminal; undefined where there is none, or nobody wants to be asked (`--no-interactive`). */
export function terminal(): Ask | undefined {
  const isWanted = !process.argv.some((each) => ['--no-interactive', '--interactive=false'].includes(each));
  if (!process.stdin.isTTY || !process.stdout.isTTY || process.env['CI'] === 'true' || !isWanted)
    return undefined;
  return {
    text: async (message, problemOf) =>
      answered(await text({ message, validate: (answer) => problemOf(answer ?? '') })),
    one: async (message, choices) => answered(await select({ message, options: optionsOf(choices) })),
    several: async (message, choices, { atLeastOne }) => {
      const options = optionsOf(choices);
      const chosen = answered(await autocompleteMultiselect({ message, options, required: atLeastOne }));
      return choices.map(({ value }) => value).filter((value) => chosen.includes(value));
    },
  };
}

const optionsOf = (choices: readonly Choice[]) =>
  choices.map(({ value, hint }) => ({ value, label: value, ...(hint === undefined ? {} : { hint }) }));

/** An answer of Ctrl-C means that nothing is to be done. */
function answered<T>(answer: T | symbol): T {
  if (!isCancel(answer)) return answer;
  cancel('Nothing was changed.');
  process.exit(130);
}
