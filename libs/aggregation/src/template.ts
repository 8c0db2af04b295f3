import { RawJson, toJson } from '@facet/contracts';
import type { Aggregation, Context, Part } from './aggregation.js';

/** The JSON of an answer with places for parts: `texts[0]`, part `slots[0]`, `texts[1]`, part `slots[1]`, … */
interface Template {
  readonly texts: readonly string[];
  readonly slots: readonly number[];
}

/** One bit for each part tells which are there; a plan with more parts has no templates. */
const MOST_PARTS = 31;

/**
 * The answers of a shape that only places opaque parts, as templates: the shape is run once for each set of parts that are
 * there, with tokens in their places, and what it gives is filled with the parts' own JSON from then on.
 *
 * A shape that does anything else has none, and is run every time: one that reads the input, the caller or a value, looks
 * into an opaque part, spreads its context, asks for the time or a random number, or gives something else each time. So
 * has one with deferred parts, whose fields follow after the shape's.
 */
export class Templates {
  readonly #bySet = new Map<number, Template | undefined>();
  readonly #mayHave: boolean;

  constructor(private readonly aggregation: Aggregation) {
    const { parts } = aggregation;
    this.#mayHave =
      parts.length <= MOST_PARTS &&
      parts.some((part) => part.opaque) &&
      parts.every(({ kind }) => kind !== 'deferred');
    if (this.#mayHave) this.#templateOf(parts.reduce((set, part, index) => set | bitOf(part, index), 0));
  }

  /** The answer as JSON; undefined where the shape has to be run. `isThere` tells whether a part has an answer. */
  fill(values: readonly unknown[], isThere: (index: number) => boolean): string | undefined {
    if (!this.#mayHave) return undefined;
    let set = 0;
    const { parts } = this.aggregation;
    for (let index = 0; index < parts.length; index += 1) {
      if (isThere(index)) set |= bitOf(parts[index] as Part, index);
    }
    const template = this.#templateOf(set);
    if (template === undefined) return undefined;
    const { texts, slots } = template;
    let json = texts[0] as string;
    for (let at = 0; at < slots.length; at += 1) {
      const value = values[slots[at] as number];
      json += (value instanceof RawJson ? value.json : toJson(value)) + (texts[at + 1] as string);
    }
    return json;
  }

  #templateOf(set: number): Template | undefined {
    if (!this.#bySet.has(set)) this.#bySet.set(set, draw(this.aggregation, set));
    return this.#bySet.get(set);
  }
}

const bitOf = ({ opaque }: Part, index: number): number => (opaque ? 1 << index : 0);

/** Nothing that anybody could send is a token. */
const mark = `part:${crypto.randomUUID()}:`;
const token = new RegExp(`"${mark}(\\d+)"`);

function draw(aggregation: Aggregation, set: number): Template | undefined {
  const json = shapedWithTokens(aggregation, set);
  // A shape that counts, or makes ids, gives something else the second time.
  if (json === undefined || json !== shapedWithTokens(aggregation, set)) return undefined;
  const pieces = json.split(token);
  return {
    texts: pieces.filter((_, index) => index % 2 === 0),
    slots: pieces.filter((_, index) => index % 2 === 1).map(Number),
  };
}

/** The JSON of the shape over tokens; undefined where it does more than place them. */
function shapedWithTokens({ parts, shape }: Aggregation, set: number): string | undefined {
  const seen = new Sight();
  const placed = parts.map((part, index): unknown =>
    (set & (1 << index)) === 0 ? part.fallback?.value : seen.tokenFor(index),
  );
  const context = new Proxy<Context>(
    {},
    {
      get: (_, name) => {
        const index = parts.findIndex((part) => part.name === name && part.opaque);
        return index === -1 ? seen.look() : placed[index];
      },
      has: () => seen.look() ?? true,
      ownKeys: () => seen.look() ?? [],
    },
  );
  try {
    const shaped = seen.duringShape(() => shape(context));
    const json: unknown = JSON.stringify(shaped);
    return seen.hasLooked || typeof json !== 'string' ? undefined : json;
  } catch {
    // It needs what it was not given; where it fails with everything, the run tells.
    return undefined;
  }
}

/** Notices whether a shape looks at what it is handed, or at what differs from one time to the next. */
class Sight {
  hasLooked = false;
  #isShaping = false;

  look(): undefined {
    this.hasLooked = true;
  }

  /** Stands for an opaque part: as JSON it is a mark, and any other use of it is noticed. */
  tokenFor(index: number): object {
    const trap = (name: string | symbol) => {
      if (this.#isShaping) return this.look();
      return name === 'get'
        ? (_: object, key: string) => (key === 'toJSON' ? () => `${mark}${index}` : undefined)
        : undefined;
    };
    // Every operation on the token asks its handler for a trap.
    return new Proxy({}, new Proxy({}, { get: (_, name) => trap(name) }));
  }

  /** Runs the shape with a watch on the clock and on random numbers. */
  duringShape(work: () => object): object {
    const { Date: RealDate } = globalThis;
    const { random } = Math;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, newTarget) => {
        if (args.length === 0) this.look();
        return Reflect.construct(target, args, newTarget) as object;
      },
      apply: (target) => this.look() ?? target(),
      get: (target, key) =>
        key === 'now' ? (this.look() ?? target.now) : (Reflect.get(target, key) as unknown),
    });
    Math.random = () => this.look() ?? random();
    this.#isShaping = true;
    try {
      return work();
    } finally {
      this.#isShaping = false;
      globalThis.Date = RealDate;
      Math.random = random;
    }
  }
}
