export interface CachedValueOptions {
  readonly operation: string;
  readonly json: Buffer;
  /** When its service made it at the earliest, on the cache's clock. */
  readonly madeAt: number;
  readonly tags: readonly string[];
  /** Whether its value is cached beside its JSON, and paid for. */
  readonly isRead: boolean;
  readonly value?: unknown;
}

/** What a parsed value takes beside its JSON, as a multiple of it: at most so much for answers of many short fields. */
const PARSED = 3;

/** Of an object with its entries in maps, in bytes. */
const OVERHEAD = 400;

/** An answer, or an item of one, as JSON and, where it is looked into, parsed once. */
export class CachedValue {
  readonly operation: string;
  readonly json: Buffer;
  readonly madeAt: number;
  readonly tags: readonly string[];
  readonly isRead: boolean;
  #parsed: { readonly value: unknown } | undefined;

  constructor({ operation, json, madeAt, tags, isRead, value }: CachedValueOptions) {
    this.operation = operation;
    this.json = owned(json);
    this.madeAt = madeAt;
    this.tags = tags;
    this.isRead = isRead;
    if (isRead && value !== undefined) this.#parsed = { value: frozen(value) };
  }

  /** The value. It is shared by all who ask, hence frozen. */
  value(): unknown {
    const parsed = this.#parsed ?? { value: frozen(JSON.parse(this.json.toString()) as unknown) };
    if (this.isRead) this.#parsed = parsed;
    return parsed.value;
  }

  /** The same, with its value cached and paid for from now on. */
  toRead(): CachedValue {
    const { operation, json, madeAt, tags } = this;
    return this.isRead ? this : new CachedValue({ operation, json, madeAt, tags, isRead: true });
  }

  /** What it takes in memory under `key`, in bytes. */
  bytes(key: string): number {
    return OVERHEAD + 2 * key.length + this.json.length * (this.isRead ? 1 + PARSED : 1);
  }
}

/** A slice would keep all of what it was cut from. */
function owned(json: Buffer): Buffer {
  if (json.length === json.buffer.byteLength) return json;
  const own = Buffer.allocUnsafeSlow(json.length);
  json.copy(own);
  return own;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
