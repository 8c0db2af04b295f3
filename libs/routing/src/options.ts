/** A number that an option may hold; the message names the option and what it got. */
export function checkNumber(name: string, value: number, range: { min: number; max?: number }): number {
  const { min, max = Number.MAX_SAFE_INTEGER } = range;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new RangeError(`${name}: got ${String(value)}, expected a number from ${min} to ${max}`);
  }
  return value;
}

/** `given` over `defaults`, each number checked against `ranges`. Undefined counts as not given. */
export function withDefaults<T extends object>(group: string, defaults: T, given: Partial<T> | undefined): T {
  const merged = { ...defaults };
  for (const [key, value] of Object.entries(given ?? {})) {
    if (!(key in defaults)) {
      const known = Object.keys(defaults).join(', ');
      throw new RangeError(`${group}.${key}: no such option; there are ${known}`);
    }
    if (value !== undefined) Object.assign(merged, { [key]: value });
  }
  for (const [key, value] of Object.entries(merged)) {
    if (typeof value === 'number') checkNumber(`${group}.${key}`, value, { min: 0 });
  }
  return merged;
}
