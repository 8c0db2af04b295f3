import type { Answer, Call, Caller, CallOptions, InputOf, Operation, OutputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { AnswerCache, Found, Question } from '@facet/policy';
import { faultCodes } from '@facet/routing';
import { itemsOf, wholeOf, type Asked, type Pieces, type Send } from './pieces.js';
import { callerTag, ruleOf } from './rule.js';

/** Calls that are answered from what was kept, where the contract allows it. */
export class KeptCalls {
  constructor(private readonly cache: AnswerCache) {}

  /** The calls of a request. */
  callFor(caller: Caller | undefined, send: Send): Call {
    return this.callWith(caller, send, (asked) => this.ask(asked));
  }

  /** The calls of a request that writes: what a write is decided on is read from the services themselves. */
  writeFor(caller: Caller | undefined, send: Send): Call {
    return this.callWith(caller, send, (asked) => this.direct(asked));
  }

  private callWith(
    caller: Caller | undefined,
    send: Send,
    query: (asked: Asked) => Promise<Answer<unknown>>,
  ): Call {
    return async <O extends Operation>(operation: O, input: InputOf<O>, options: CallOptions) => {
      const asked = { operation, input: input as Asked['input'], options, caller, send };
      const answer = await (operation.kind === 'query' ? query(asked) : this.command(asked));
      return answer as Answer<OutputOf<O>>;
    };
  }

  private async ask(asked: Asked): Promise<Answer<unknown>> {
    const { operation, options } = asked;
    const pieces = operation.byIds === undefined ? wholeOf(asked) : itemsOf(asked);
    if (pieces === undefined) return this.direct(asked);
    const found = await this.cache.ask(questionOf(asked, pieces), options);
    return { value: pieces.assemble(found), ...ageOf(found) };
  }

  /** Whoever has changed something sees it: in this process nothing of theirs is kept from before. */
  private async command(asked: Asked): Promise<Answer<unknown>> {
    try {
      return await this.direct(asked);
    } finally {
      this.cache.forget([callerTag(asked.caller)]);
    }
  }

  private direct({ operation, input, options, send }: Asked): Promise<Answer<unknown>> {
    return send(operation, input, options, 'caller');
  }
}

function questionOf({ operation, options }: Asked, { pieces, load }: Pieces): Question {
  const { ttlMs, staleMs, isPersonal } = ruleOf(operation);
  return {
    operation: operation.pattern,
    pieces,
    load,
    ttlMs,
    staleMs,
    isPersonal,
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

/** As old as the oldest of its pieces. */
function ageOf(found: readonly (Found | undefined)[]): Pick<Answer<unknown>, 'source' | 'ageMs'> {
  const known = found.filter((each) => each !== undefined);
  const sources = known.map(({ source }) => source);
  return {
    source: sources.includes('stale') ? 'stale' : sources.includes('cached') ? 'cached' : 'fresh',
    ageMs: Math.max(0, ...known.map(({ ageMs }) => ageMs)),
  };
}
