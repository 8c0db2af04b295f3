/** Checks numeric options when something is built: a wrong one is named with what it got. Only times (`…Ms`) may be broken. */
export function withDefaults<T extends Record<string, number>>(owner: string, defaults: T, given: object): T {
  const options: Record<string, number> = { ...defaults };
  for (const [name, fallback] of Object.entries(defaults)) {
    const value: unknown = (given as Record<string, unknown>)[name] ?? fallback;
    if (typeof value !== 'number' || !(value > 0) || (!name.endsWith('Ms') && !Number.isInteger(value))) {
      const kind = name.endsWith('Ms') ? 'number' : 'whole number';
      throw new TypeError(`${owner}: ${name} must be a ${kind} above 0, got ${String(value)}`);
    }
    options[name] = value;
  }
  return options as T;
}

export function checkPort(owner: string, port: unknown, lowest: number): void {
  if (Number.isInteger(port) && (port as number) >= lowest && (port as number) <= 65_535) return;
  throw new TypeError(`${owner}: port must be a whole number from ${lowest} to 65535, got ${String(port)}`);
}
