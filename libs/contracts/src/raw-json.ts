/** Marks a place in JSON that is being made. Nobody outside ever sees it, so that no data can name a place. */
const mark = `raw:${crypto.randomUUID()}`;
let placed: RawJson[] | undefined;

/** A value as the JSON that a service wrote, unparsed: for whoever only passes it on. */
export class RawJson {
  constructor(readonly json: Uint8Array) {}

  /** The value itself for `JSON.stringify`, so that it is right wherever it is placed; `jsonPieces` does without parsing. */
  toJSON(): unknown {
    if (placed === undefined) return JSON.parse(new TextDecoder().decode(this.json)) as unknown;
    placed.push(this);
    return mark;
  }
}

/** The JSON of `value` in pieces, in their order: what is a `RawJson` in it is taken over as it is. */
export function jsonPieces(value: unknown): readonly (string | Uint8Array)[] {
  const outer = placed;
  const raws: RawJson[] = [];
  placed = raws;
  try {
    const json = JSON.stringify(value);
    if (raws.length === 0) return [json];
    const texts = json.split(`"${mark}"`);
    return texts.flatMap((text, index) => (index === 0 ? [text] : [(raws[index - 1] as RawJson).json, text]));
  } finally {
    placed = outer;
  }
}
