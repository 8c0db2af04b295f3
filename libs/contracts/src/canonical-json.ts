/** JSON with the fields in order, so that equal values read alike. Fields that are undefined count as not there. */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each) ?? 'null').join()}]`;
  const given = value as Record<string, unknown>;
  const fields = Object.keys(given)
    .sort()
    .filter((key) => given[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${textOf(given[key])}`);
  return `{${fields.join()}}`;
}
