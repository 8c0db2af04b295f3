import {
  Cancellation,
  type Answer,
  type Call,
  type Caller,
  type Dispatch,
  type Operation,
  type OutputOf,
} from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { AnswerCache, Found } from './store/answer-cache.js';
import type { Lookup } from './store/lookup.js';
import { faultCodes } from '@facet/routing';
import type { Reads } from '../request/reads.js';
import { itemsOf, wholeOf, type Asked, type Decomposed, type Send } from './cache-entries.js';
import { callerTag, ruleOf } from './rule.js';

/** Calls that are answered from the cache, where the contract allows it. */
export class CachedCalls {
  constructor(private readonly cache: AnswerCache) {}

  /** The calls of a request. What is at hand arrives before `dispatch` returns, without a promise. */
  dispatchFor(caller: Caller | undefined, send: Send, reads?: Reads): Dispatch {
    return (request, handler) => {
      const { selection, input, deadline, origin = request } = request;
      const { operation, fields, first, opaque: raw } = selection;
      const signal = new Cancellation();
      const options = { signal, deadline, raw, origin, ...(fields && { fields }), ...(first && { first }) };
      const asked = { operation, input: input as Asked['input'], options, caller, send };
      const prepared = operation.kind === 'query' ? this.prepare(asked) : undefined;
      if (reads !== undefined) note(reads, operation, prepared);
      const atHand = prepared && this.cache.atHand(prepared.lookup);
      if (prepared !== undefined && atHand !== undefined) {
        handler.arrived(answerOf(asked, prepared, atHand));
        return nothing;
      }
      const answer = prepared === undefined ? this.pass(asked) : this.ask(asked, prepared);
      answer.then(
        (arrived) => signal.aborted || handler.arrived(arrived),
        (error: unknown) => signal.aborted || handler.missed(error),
      );
      return (reason) => signal.cancel(reason);
    };
  }

  /** The calls of a request that writes: what a write is decided on is read from the services themselves. */
  writeFor(caller: Caller | undefined, send: Send): Call {
    return (operation, input, options) => {
      const asked = { operation, input: input as Asked['input'], options, caller, send };
      return this.pass(asked) as Promise<Answer<OutputOf<typeof operation>>>;
    };
  }

  /** Undefined for a query that cannot be cached: it cannot be taken apart. */
  private prepare(asked: Asked): Prepared | undefined {
    const isWhole = asked.operation.byIds === undefined || asked.options.first !== undefined;
    const entries = isWhole ? wholeOf(asked) : itemsOf(asked);
    return entries && { entries, lookup: lookupOf(asked, entries) };
  }

  private async ask(asked: Asked, prepared: Prepared): Promise<Answer<unknown>> {
    return answerOf(asked, prepared, await this.cache.ask(prepared.lookup, asked.options));
  }

  /** Straight to the service. The caller sees its own change: nothing of it stays cached in this process. */
  private async pass({ operation, input, options, caller, send }: Asked): Promise<Answer<unknown>> {
    try {
      return await send(operation, input, options, 'caller');
    } finally {
      if (operation.kind === 'command') this.cache.forget([callerTag(caller)]);
    }
  }
}

interface Prepared {
  readonly entries: Decomposed;
  readonly lookup: Lookup;
}

/** What a request has read decides whether its whole answer may be kept. */
function note(reads: Reads, operation: Operation, prepared: Prepared | undefined): void {
  const { ttlMs, isPersonal } = ruleOf(operation);
  if (prepared === undefined || isPersonal || ttlMs === 0) reads.isPersonal = true;
  else {
    reads.entries.push(...prepared.lookup.entries);
    reads.operations.push(operation.pattern);
  }
}

const nothing = (): void => undefined;

/** What is cached was asked for with these very fields and so many items, and no others are let in. */
function answerOf(
  { options: { fields, first } }: Asked,
  { entries }: Prepared,
  found: readonly (Found | undefined)[],
): Answer<unknown> {
  const read = { ...(fields && { fields }), ...(first && { first }) };
  return { value: entries.assemble(found), ...ageOf(found), ...read };
}

function lookupOf({ operation, options }: Asked, { entries, load }: Decomposed): Lookup {
  const { ttlMs, staleMs, isPersonal } = ruleOf(operation);
  return {
    operation: operation.pattern,
    entries,
    load,
    ttlMs,
    staleMs,
    isPersonal,
    hasOwnLifetimes: operation.freshness?.fromService === true,
    isRead: options.raw !== true,
    isUnavailable: (error) => isUnavailable(error, operation),
    late: () => lateFor(operation),
  };
}

/** A service's own word, which its contract names, is an answer, whatever its status. */
function isUnavailable(error: unknown, { errors }: Operation): boolean {
  return (
    error instanceof Fault && error.status >= 502 && error.status <= 504 && !Object.hasOwn(errors, error.code)
  );
}

function lateFor({ service }: Operation): Fault {
  const { status, message } = faultCodes['upstream.timeout'];
  return new Fault('upstream.timeout', status, message, { service, policy: 'coalescing' });
}

/** As old as the oldest of its entries. */
function ageOf(found: readonly (Found | undefined)[]): Pick<Answer<unknown>, 'source' | 'ageMs'> {
  const known = found.filter((each) => each !== undefined);
  const sources = known.map(({ source }) => source);
  return {
    source: sources.includes('stale') ? 'stale' : sources.includes('cached') ? 'cached' : 'fresh',
    ageMs: Math.max(0, ...known.map(({ ageMs }) => ageMs)),
  };
}
