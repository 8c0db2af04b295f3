import { readFileSync } from 'node:fs';

/** Where a short name is looked for too. */
export interface Search {
  readonly domains: readonly string[];
  /** A name with at least so many dots is tried as it is first. 1 where not said. */
  readonly ndots?: number;
}

/** What the machine's resolver is told (resolv.conf(5)); nothing where there is no such file. */
export function readResolverFile(path = '/etc/resolv.conf'): Search {
  try {
    return parseResolverFile(readFileSync(path, 'utf8'));
  } catch {
    return { domains: [] };
  }
}

/** Of several `search` or `domain` lines the last one holds. */
export function parseResolverFile(text: string): Search {
  let domains: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'search' || keyword === 'domain') domains = values;
    if (keyword !== 'options') continue;
    const found = values
      .map((value) => /^ndots:(\d+)$/.exec(value)?.[1])
      .find((value) => value !== undefined);
    if (found !== undefined) ndots = Number(found);
  }
  return { domains: domains.filter((domain) => domain !== '.'), ndots };
}

/** The names to ask for, in their order. One that ends with a dot is whole. */
export function namesToTry(
  name: string,
  { domains, ndots = 1 }: Search = { domains: [] },
): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const inDomains = domains.map((domain) => `${name}.${domain.replace(/\.$/, '')}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...inDomains] : [...inDomains, name];
}
