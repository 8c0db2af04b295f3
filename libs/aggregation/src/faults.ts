import type { Answer, Operation } from '@facet/contracts';

/** An error as what calls the services makes it. */
export class SpecFault extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }
}

/** The ways in which a part can fail. */
export const faultKinds = ['error', 'slow', 'malformed', 'empty'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Makes an answer fail in one way. `good` gives the answer that it would have had. */
export function failing(kind: FaultKind, operation: Operation, good: () => Promise<Answer<unknown>>) {
  switch (kind) {
    case 'error':
      return Promise.reject(new SpecFault('upstream.unavailable', 503));
    case 'slow':
      return new Promise<Answer<unknown>>(() => undefined);
    case 'malformed':
      return good().then(({ value }) => fresh(received(operation, garbled(value))));
    case 'empty':
      return good().then(({ value }) => fresh(emptied(operation, value)));
  }
}

function fresh(value: unknown): Answer<unknown> {
  return { value, source: 'fresh', ageMs: 0 };
}

/** What becomes of an answer on its way through a gateway: held to the contract. */
function received(operation: Operation, value: unknown): unknown {
  const { success, data } = operation.output.safeParse(value);
  if (!success) throw new SpecFault('upstream.bad-reply', 502);
  return data;
}

/** The same value with one thing wrong: its first field is of another type. */
function garbled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return { garbled: value };
  const [first] = Object.keys(value);
  if (Array.isArray(value) || first === undefined) return 'garbled';
  return { ...value, [first]: typeof (value as Record<string, unknown>)[first] === 'number' ? 'garbled' : 0 };
}

/** The same value with every list empty and every field null that may be, as far as the contract allows. */
function emptied(operation: Operation, value: unknown): unknown {
  let current = value;
  for (const path of pathsOf(value)) {
    for (const nothing of [[], null]) {
      if (Array.isArray(nothing) !== Array.isArray(at(current, path))) continue;
      const candidate = replaced(current, path, nothing);
      if (operation.output.safeParse(candidate).success) current = candidate;
    }
  }
  return current;
}

type Path = readonly string[];

/** Every field of every object, the outermost first; what lies in a list goes with the list. */
function pathsOf(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const own = Object.keys(value).map((key) => [...above, key]);
  return [...own, ...own.flatMap((path) => pathsOf(at(value, path.slice(above.length)), path))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((held, key) => (held as Record<string, unknown> | null)?.[key], value);
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return by;
  const held = value as Record<string, unknown>;
  return { ...held, [key]: rest.length === 0 ? by : replaced(held[key], rest, by) };
}
