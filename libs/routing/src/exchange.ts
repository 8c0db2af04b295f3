import { selectionOf, type Selection } from '@facet/contracts';
import { AnswerRefused, compileReader, type AnswerReader } from '@facet/reader';
import { TransportError, type Channel, type OutgoingCall, type Peer } from '@facet/transport';
import { fault } from './faults.js';
import type { Outgoing } from './layers/layer.js';

/**
 * One request on one connection, and its answer as the caller wants it. Whatever the peer says of itself, its answer is
 * held to the contract here, and nothing but what is read of it goes on. Who can is asked for these fields alone.
 */
export function exchange(
  { channel, peer }: { channel: Channel; peer: Peer },
  outgoing: Outgoing,
  timeoutMs: number,
): Promise<unknown> {
  const { operation, raw, fields, signal } = outgoing;
  const reader = readerOf(selectionOf(operation, { opaque: raw, ...(fields && { fields }) }));
  const asked = peer.fields ? reader.asks : undefined;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      channel.cancel(id);
      const options = { written: true, cause: signal.reason as unknown };
      reject(new TransportError('transport.cancelled', 'The call was cancelled', options));
    };
    const id = channel.send(callFor(outgoing, timeoutMs, asked), {
      arrived: (bytes, start, end) => {
        signal.removeEventListener('abort', onAbort);
        try {
          resolve(start === end ? nothingOf(outgoing) : reader.read(bytes, start, end));
        } catch (error) {
          reject(badReply(operation.service, error));
        }
      },
      missed: (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

const readers = new WeakMap<Selection, AnswerReader>();

function readerOf(selection: Selection): AnswerReader {
  let reader = readers.get(selection);
  if (reader === undefined) readers.set(selection, (reader = compileReader(selection)));
  return reader;
}

/** No answer at all is an answer where the contract has none; whoever passes it on passes on `null`. */
function nothingOf({ operation, raw }: Outgoing): unknown {
  if (!operation.output.safeParse(undefined).success) {
    throw badReply(operation.service, new AnswerRefused(operation.pattern, '', 'no_answer'));
  }
  return raw ? 'null' : undefined;
}

function badReply(service: string, error: unknown): unknown {
  if (!(error instanceof AnswerRefused)) return error;
  return fault('upstream.bad-reply', { service, policy: 'contract', cause: error });
}

function callFor(
  { operation, input, context, signal }: Outgoing,
  timeoutMs: number,
  fields: readonly string[] | undefined,
): OutgoingCall {
  return {
    ...context,
    pattern: operation.pattern,
    data: input,
    signal,
    timeoutMs,
    ...(fields && { fields }),
  };
}
