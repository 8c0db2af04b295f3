import { checkNumber } from '@facet/contracts';

/** Throws a RangeError for what is no port from `lowest` on. */
export function checkPort(owner: string, port: unknown, lowest: number): void {
  checkNumber(`${owner}.port`, port, { min: lowest, max: 65_535, integer: true });
}
