import type { Caller, Priority, SentCall } from '@facet/contracts';

/** What a gateway knows about a request of its own, and passes on with each call that it makes for it. */
export interface CallContext {
  /** The caller as a short-lived signed assertion. */
  readonly caller?: string;
  /** The same caller, for services that know callers in a way of their own (`UpstreamSettings.caller`). */
  readonly identity?: Caller | undefined;
  /** The trace to continue (W3C Trace Context). */
  readonly traceparent?: string;
  /** Who gives way first when there is too much to do. Default `normal`. */
  readonly priority?: Priority;
  /** Services of ours say how long their queue, their handler and their SQL took, for the record. */
  readonly times?: boolean;
  /** Whether each attempt has a span of its own, which the service sees as its parent in `traceparent`. */
  readonly spans?: boolean;
  /** Takes every call that is made with this context, for the record of its request. */
  readonly calls?: SentCall[];
}
