import type { Logger } from '@facet/platform';

export interface Place {
  readonly service: string;
  /** `host:port`, as gateways reach it. */
  readonly address: string;
  /** The registry's Redis; undefined where gateways find this service in another way. */
  readonly registryUrl: string | undefined;
  readonly logger: Logger;
}

/** Tells the registry, where there is one, that this instance is there. Returns what takes it off the list again. */
export async function announce({
  service,
  address,
  registryUrl,
  logger,
}: Place): Promise<() => Promise<void>> {
  if (registryUrl === undefined) return () => Promise.resolve();
  // Only who uses it pays for loading it.
  const { register } = await import('@facet/platform/registry');
  const onError = (error: unknown) => logger.warn({ err: error }, 'the registry did not hear us');
  const registration = register({ url: registryUrl, service, address, onError });
  return () => registration.leave();
}
