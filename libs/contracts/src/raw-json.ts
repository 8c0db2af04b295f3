/** Marks a place in JSON that is being made. Nobody outside ever sees it, so that no data can name a place. */
const mark = `raw:${crypto.randomUUID()}`;
let placed: RawJson[] | undefined;

/** A value as the JSON that a service wrote, unparsed, to be passed on. */
export class RawJson {
  constructor(readonly json: string) {}

  /** The value itself for `JSON.stringify`, so that it is right wherever it is placed; `toJson` does without parsing. */
  toJSON(): unknown {
    if (placed === undefined) return JSON.parse(this.json) as unknown;
    placed.push(this);
    return mark;
  }
}

/** The JSON of `value`: what is a `RawJson` in it is taken over as it is. */
export function toJson(value: unknown): string {
  const outer = placed;
  const raws: RawJson[] = [];
  placed = raws;
  try {
    const json = JSON.stringify(value);
    if (raws.length === 0) return json;
    const [first = '', ...texts] = json.split(`"${mark}"`);
    return texts.reduce((all, text, index) => `${all}${(raws[index] as RawJson).json}${text}`, first);
  } finally {
    placed = outer;
  }
}
