import fc from 'fast-check';
import { leaves, names, type Contract, type ContractField } from './contracts.js';

/** How an answer differs from what its contract says. */
export interface Oddness {
  /** One value in so many is of another kind, or no JSON; 0 for never. */
  readonly wrong: number;
  /** Fields that the contract does not name, absent ones, and keys twice. */
  readonly fields: boolean;
  /** White space between tokens. */
  readonly spaced: boolean;
}

export const good: Oddness = { wrong: 0, fields: false, spaced: false };

/** What stands where something else should: good JSON of other kinds, and text that is no JSON. */
const others = [
  ...leaves.flatMap((leaf) => (leaf.kind === 'leaf' ? leaf.good : [])),
  'null',
  '[]',
  '{}',
  '[[1,{"a":"]"}],"}"]',
  '{"a":{"b":[null,true]}}',
  '"' + '\\\\'.repeat(3) + '"',
  '-0',
  '-0.0',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '1e999',
  '-',
  '0x1',
  'NaN',
  'Infinity',
  '1_0',
  '00',
  '1e+5',
  '2E-3',
  '"\\x"',
  '"\\u12g4"',
  '"\\ud800"',
  '"\\',
  '"a\nb"',
  '"\u007f"',
  '"\u2028"',
  "'a'",
  'nul',
  'tru',
  'undefined',
  '',
  '"',
  '[1,]',
  '{"a":1,}',
  '{,}',
  '[',
  '{"__proto__":{"admin":true}}',
];

/** JSON text of an answer to a contract; nearly so, where it is odd. */
export function answersTo(contract: Contract, odd: Oddness): fc.Arbitrary<string> {
  const straight = straightTo(contract, odd);
  if (odd.wrong === 0) return straight;
  return fc.oneof(
    { weight: odd.wrong, arbitrary: straight },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function straightTo(contract: Contract, odd: Oddness): fc.Arbitrary<string> {
  switch (contract.kind) {
    case 'leaf':
      return fc.constantFrom(...contract.good);
    case 'nullable':
      return fc.oneof(
        { weight: 3, arbitrary: answersTo(contract.inner, odd) },
        { weight: 1, arbitrary: fc.constant('null') },
      );
    case 'list':
      return fc
        .tuple(fc.array(answersTo(contract.element, odd), lengths(contract, odd)), space(odd))
        .map(([elements, gap]) => `[${gap}${elements.join(`${gap},${gap}`)}${gap}]`);
    case 'object':
      return objects(Object.entries(contract.fields), odd);
  }
}

function lengths({ min, max }: { min: number; max: number }, odd: Oddness) {
  return odd.wrong > 0 ? { maxLength: 4 } : { minLength: min, maxLength: Math.min(max, 4) };
}

function objects(fields: readonly (readonly [string, ContractField])[], odd: Oddness): fc.Arbitrary<string> {
  const known = fields.map(([name, { contract, presence }]) => {
    const value = answersTo(contract, odd).map((json) => [[name, json]] as [string, string][]);
    const absent = presence === 'required' ? (odd.fields && odd.wrong > 0 ? 1 : 0) : 3;
    return fc.oneof(
      { weight: 7, arbitrary: value },
      { weight: absent, arbitrary: fc.constant<[string, string][]>([]) },
    );
  });
  const unknown = fc.tuple(
    fc.constantFrom(...names, '__proto__', 'constructor', 'toString', 'extra'),
    fc.constantFrom(...others.slice(0, 40)),
  );
  const surplus = odd.fields ? fc.array(unknown, { maxLength: 2 }) : fc.constant([]);
  return fc.tuple(fc.tuple(...known), surplus, space(odd), fc.boolean()).map(([own, more, gap, isFirst]) => {
    const all = isFirst ? [...more, ...own.flat()] : [...own.flat(), ...more];
    const parts = all.map(([name, json]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${json}`);
    return `{${parts.join(',')}${gap}}`;
  });
}

function space({ spaced }: Oddness): fc.Arbitrary<string> {
  return spaced ? fc.constantFrom('', ' ', '\n', '\t\r', '\u00a0') : fc.constant('');
}
