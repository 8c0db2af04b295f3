import type { Channel, OutgoingCall, Peer } from '@facet/transport';
import { checkOutput } from './check.js';
import type { Outgoing } from './layers/layer.js';
import { pick } from './pick.js';

/**
 * One request on one connection, and its answer as the caller wants it. A peer that checks and cuts its answers itself
 * is taken at its word, and what is only forwarded is then never parsed; any other peer's answer is parsed, held to the
 * contract and cut here.
 */
export async function exchange(
  { channel, peer }: { channel: Channel; peer: Peer },
  outgoing: Outgoing,
  timeoutMs: number,
): Promise<unknown> {
  const { operation, raw, fields } = outgoing;
  // What is checked here must come whole: an answer that is cut lacks what the contract requires.
  const isCutThere = fields === undefined || (peer.fields && peer.checked);
  const call = callFor(outgoing, timeoutMs, isCutThere);
  if (raw && peer.checked && isCutThere) return channel.forward(call);
  const answer = await channel.call(call);
  const checked = peer.checked ? answer : checkOutput(operation, answer);
  const cut = isCutThere ? checked : pick(fields)(checked);
  return raw ? JSON.stringify(cut ?? null) : cut;
}

function callFor(outgoing: Outgoing, timeoutMs: number, isCutThere: boolean): OutgoingCall {
  const { operation, input, signal, fields, context } = outgoing;
  return {
    ...context,
    pattern: operation.pattern,
    data: input,
    signal,
    timeoutMs,
    ...(isCutThere && fields && { fields }),
  };
}
