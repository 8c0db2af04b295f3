import { parseArgs } from 'node:util';

export interface Arguments {
  readonly isQuick: boolean;
  readonly writes: boolean;
  readonly isModelled: boolean;
  readonly congestion?: string;
  /** Where the raw data are kept. */
  readonly out?: string;
}

export const usage = `npm run patterns [-- options]

  --quick            under a minute, with few turns of each
  --write            fills docs/patterns.md and its pictures
  --model            a model of the networks, where packets could be sent too
  --congestion=NAME  what TCP uses; default: what this machine has
  --out=FILE         where the raw data go; default .facet/patterns.json
`;

/** @throws Error with one line for who typed them */
export function readArguments(words: readonly string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean' },
      write: { type: 'boolean' },
      model: { type: 'boolean' },
      congestion: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (values.congestion !== undefined && values.model === true)
    throw new Error('--congestion is for packets: leave out --model');
  return {
    isQuick: values.quick === true,
    writes: values.write === true,
    isModelled: values.model === true,
    ...(values.congestion === undefined ? {} : { congestion: values.congestion }),
    ...(values.out === undefined ? {} : { out: values.out }),
  };
}
