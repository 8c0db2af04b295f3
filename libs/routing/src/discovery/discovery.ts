/** What a discovery source tells. */
export interface DiscoveryObserver {
  /** The whole list of addresses, `host:port`, first and whenever it changed. */
  found(addresses: readonly string[]): void;
  /** The source could not be read. What was found last stays in force. */
  failed(error: Error): void;
}

/** How a gateway learns a service's instances, while it runs. */
export interface Discovery {
  /** Starts to observe; the function it gives back ends that and frees what the source holds. */
  watch(observer: DiscoveryObserver): () => void;
}
