/**
 * What an end may do beyond the first version of our wire. The server names its own in the handshake, and a client asks for
 * what both have. `fields`: answers with the fields asked for alone; `first`: with the first elements of a list alone;
 * `times`: tells the times of queue, handler and SQL.
 */
export const ABILITIES = ['fields', 'first', 'times'] as const;
export type Ability = (typeof ABILITIES)[number];

/** @throws RangeError naming what is no ability */
export function checkAbilities(owner: string, given: readonly Ability[]): readonly Ability[] {
  const unknown = given.find((each) => !ABILITIES.includes(each));
  if (unknown === undefined) return given;
  throw new RangeError(
    `${owner}.abilities: got ${String(unknown)}, expected some of ${ABILITIES.join(', ')}`,
  );
}
