const ADDED = '// Added to the services of its gateway, and taken out with it: ';

/** Says in an aggregation's file which services its gateway did not call before, for the one who takes it out. */
export function withAdded(text: string, services: readonly string[]): string {
  return services.length === 0 ? text : `${ADDED}${services.join(', ')}\n${text}`;
}

/** The services that came with an aggregation; none where its file does not say so. */
export function addedWith(text: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith(ADDED));
  return line === undefined ? [] : line.slice(ADDED.length).split(', ');
}
