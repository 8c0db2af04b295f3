import { parsePattern, type Expression } from './pattern-parser.js';

/** Whether the bytes of plain ASCII text (0x20 to 0x7f), from `from` to `end`, match a pattern. */
export type ByteTest = (bytes: Uint8Array, from: number, end: number) => boolean;

const BYTES = 128;
const MOST_STATES = 255;
const MOST_STEPS = 2_000;

/**
 * A pattern as a table: for each state and byte the next state, 0 for none. A step is made for each byte and nothing is
 * ever tried twice. Undefined where a pattern is not regular, or the table would be large; it is then left to be an
 * expression.
 */
export function bytePattern(pattern: RegExp): ByteTest | undefined {
  const key = String(pattern);
  if (!known.has(key)) known.set(key, compile(pattern));
  return known.get(key);
}

/** A contract has the same few patterns in many places. */
const known = new Map<string, ByteTest | undefined>();

function compile(pattern: RegExp): ByteTest | undefined {
  const expression = parsePattern(pattern);
  const steps = expression && stepsOf(expression);
  const table = steps && tableOf(steps);
  if (table === undefined) return undefined;
  const { next, isEnd } = table;
  return (bytes, from, end) => {
    let state = 1;
    for (let at = from; at < end; at++) {
      state = next[state * BYTES + (bytes[at] as number)] as number;
      if (state === 0) return false;
    }
    return isEnd[state] === 1;
  };
}

/** One step on the way through an expression: over a byte of a class, or over nothing to several others. */
interface Step {
  readonly takes: Uint8Array | undefined;
  to: number[];
}

/** Thompson's construction: the steps of an expression, the last of which is its end. */
function stepsOf(expression: Expression): readonly Step[] | undefined {
  const steps: Step[] = [];
  const add = (takes?: Uint8Array): number => {
    if (steps.length >= MOST_STEPS) throw new RangeError('an expression with too many steps');
    return steps.push({ takes, to: [] }) - 1;
  };
  const join = (from: number, to: number): void => void steps[from]?.to.push(to);
  /** Adds what leads on from the step `from`; returns the step behind it. */
  const walk = (part: Expression, from: number): number => {
    if (part.kind === 'class') {
      const over = add(classOf(part.characters));
      join(from, over);
      const behind = add();
      join(over, behind);
      return behind;
    }
    if (part.kind === 'row') return part.parts.reduce((at, each) => walk(each, at), from);
    if (part.kind === 'either') {
      const behind = add();
      for (const way of part.ways) join(walk(way, from), behind);
      return behind;
    }
    let at = from;
    for (let time = 0; time < part.min; time++) at = walk(part.what, at);
    return part.max === Infinity ? walkOn(part.what, at) : walkSome(part.what, at, part.max - part.min);
  };
  /** Any number of times. */
  const walkOn = (what: Expression, from: number): number => {
    const again = add();
    join(from, again);
    join(walk(what, again), again);
    const behind = add();
    join(again, behind);
    return behind;
  };
  /** Up to so many times. */
  const walkSome = (what: Expression, from: number, times: number): number => {
    const behind = add();
    let at = from;
    for (let time = 0; time < times; time++) {
      join(at, behind);
      const start = add();
      join(at, start);
      at = walk(what, start);
    }
    join(at, behind);
    return behind;
  };
  try {
    const last = walk(expression, add());
    const end = add();
    join(last, end);
    return steps;
  } catch {
    return undefined;
  }
}

/** Which bytes a class takes is asked of the class itself. */
function classOf(characters: string): Uint8Array {
  const one = new RegExp(`^${characters}$`);
  return Uint8Array.from({ length: BYTES }, (_, byte) =>
    byte >= 0x20 && one.test(String.fromCharCode(byte)) ? 1 : 0,
  );
}

/** The subset construction: a state of the table is the set of steps where a walk may be. */
function tableOf(steps: readonly Step[]): { next: Uint8Array; isEnd: Uint8Array } | undefined {
  const known = new Map<string, number>();
  const sets: (readonly number[])[] = [[]];
  const stateOf = (from: readonly number[]): number => {
    const set = reachable(steps, from);
    const key = set.join();
    const state = known.get(key) ?? sets.push(set) - 1;
    known.set(key, state);
    return state;
  };
  stateOf([0]);
  const next = new Uint8Array((MOST_STATES + 1) * BYTES);
  for (let state = 1; state < sets.length; state++) {
    if (sets.length > MOST_STATES) return undefined;
    for (let byte = 0x20; byte < BYTES; byte++) {
      const to = (sets[state] ?? []).flatMap((at) => (steps[at]?.takes?.[byte] === 1 ? steps[at].to : []));
      if (to.length > 0) next[state * BYTES + byte] = stateOf(to);
    }
  }
  const isEnd = Uint8Array.from(sets, (set) => (set.includes(steps.length - 1) ? 1 : 0));
  return { next: next.slice(0, sets.length * BYTES), isEnd };
}

/** All steps that are reached without a byte. */
function reachable(steps: readonly Step[], from: readonly number[]): readonly number[] {
  const reached = new Set(from);
  for (const at of reached) {
    const step = steps[at];
    if (step !== undefined && step.takes === undefined) for (const to of step.to) reached.add(to);
  }
  return [...reached].sort((one, other) => one - other);
}
