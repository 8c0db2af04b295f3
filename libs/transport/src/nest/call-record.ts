import type { OutgoingCall } from '../call.js';

/** What may go along with a message beside its data. */
export type CallExtras = Omit<OutgoingCall, 'pattern' | 'data' | 'metadata'>;

/** Data with what goes along: `client.send('catalog.products', new CallRecord({ ids }, { timeoutMs: 200 }))`. */
export class CallRecord<T> {
  constructor(
    readonly data: T,
    readonly extras: CallExtras,
  ) {}
}
