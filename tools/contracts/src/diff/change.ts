import type { Direction, Level, Reader, RuleId } from './rules.js';

/** One change of one operation. */
export interface Change {
  readonly rule: RuleId;
  readonly level: Level;
  readonly direction: Direction;
  /** `GET /v1/home`, or a service's pattern: `catalog.product`. */
  readonly operation: string;
  /** The field, lists passed through: `items.price.amount`. Empty for the operation itself. */
  readonly field: string;
  /** What is otherwise now, in words. */
  readonly says: string;
  /** Why a breaking change may be made all the same. */
  readonly covered?: string;
}

/** What was marked in the base as going away. */
export interface Marked {
  readonly sunset?: string;
}

export interface Emit {
  (change: {
    readonly rule: RuleId;
    readonly field?: string;
    readonly says: string;
    /** Where it is another than the rule's. */
    readonly level?: Level;
    readonly marked?: Marked | undefined;
  }): void;
}

export interface DiffOptions {
  readonly reader: Reader;
  /** Today, `2026-11-30`. */
  readonly today: string;
}
