import type { InputOf, Operation, OutputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Channel, RemoteError, type OutgoingCall } from '@facet/transport';

/** One connection to one service, for specs that talk to it without a gateway. */
export interface ServiceClient {
  /**
   * The output as the service sent it, checked by nobody here.
   *
   * @throws Fault as the service answered; TransportError where the wire failed
   */
  call<O extends Operation>(
    operation: O,
    input: InputOf<O>,
    options?: ServiceCallOptions,
  ): Promise<OutputOf<O>>;
  /** The same for input that the contract's types forbid. */
  callRaw(pattern: string, data: unknown, options?: ServiceCallOptions): Promise<unknown>;
  close(): void;
}

export type ServiceCallOptions = Omit<OutgoingCall, 'pattern' | 'data'>;

export interface ServiceClientOptions {
  /** The assertion that every call carries unless it brings its own (`speakAs` of `@facet/auth/assertion`). */
  readonly caller?: (input: unknown) => string;
}

/** Connects to `host:port`, as a process reports it under `tcp`. Calls take at most 10 s unless they say otherwise. */
export async function connectService(
  address: string | undefined,
  { caller }: ServiceClientOptions = {},
): Promise<ServiceClient> {
  const [host, port] = (address ?? '').split(':');
  if (host === undefined || port === undefined) throw new Error(`expected host:port, got ${String(address)}`);
  const channel = new Channel({ host, port: Number(port) });
  await channel.connect();
  const callRaw = async (
    pattern: string,
    data: unknown,
    options: ServiceCallOptions = {},
  ): Promise<unknown> => {
    try {
      const said = caller === undefined ? {} : { caller: caller(data) };
      return await channel.call({ timeoutMs: 10_000, ...said, ...options, pattern, data });
    } catch (error) {
      throw (error instanceof RemoteError ? Fault.fromWire(error.payload) : undefined) ?? error;
    }
  };
  return {
    callRaw,
    call: <O extends Operation>({ pattern }: O, input: InputOf<O>, options?: ServiceCallOptions) =>
      callRaw(pattern, input, options) as Promise<OutputOf<O>>,
    close: () => channel.destroy(),
  };
}
