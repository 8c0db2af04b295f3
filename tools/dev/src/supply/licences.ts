import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import type { Shipped } from './shipped.js';

/** `tools/dev/licences.json`. */
export interface LicenceList {
  /** SPDX identifiers; whatever is not among them is forbidden. */
  readonly allowed: readonly string[];
  /** By name and version, what has no licence of the list and may be shipped all the same, with the reason. */
  readonly exceptions: Readonly<Record<string, string>>;
}

export function licenceList(): LicenceList {
  return JSON.parse(readFileSync(new URL('../../licences.json', import.meta.url), 'utf8')) as LicenceList;
}

/** One line for each package whose licence is not known, or not allowed. */
export function licenceProblems(
  shipped: readonly Shipped[],
  { allowed, exceptions }: LicenceList,
): readonly string[] {
  return shipped.flatMap(({ name, version, license }) => {
    const which = `${name}@${version}`;
    if (exceptions[which] !== undefined) return [];
    if (license === undefined) return [`${which} does not say what its licence is`];
    const verdict = isAllowed(license, allowed);
    if (verdict === undefined) return [`${which} has the licence "${license}", which is no SPDX expression`];
    return verdict
      ? []
      : [`${which} has the licence ${license}, which tools/dev/licences.json does not allow`];
  });
}

/** Undefined where the expression cannot be understood. */
function isAllowed(license: string, allowed: readonly string[]): boolean | undefined {
  try {
    return satisfies(license, [...allowed]);
  } catch {
    return undefined;
  }
}
