/** The sample world's "now": nothing in it is younger. */
export const worldEnds = new Date('2026-06-30T12:00:00.000Z');
export const DAY_MS = 86_400_000;
export const worldBegins = new Date(worldEnds.getTime() - 730 * DAY_MS);

export const CURRENCY = 'EUR';
export const PRODUCTS_PER_KIND = 12;

/** `idOf('prd', 7, 4)` is `prd_0007`. */
export function idOf(prefix: string, number: number, digits: number): string {
  return `${prefix}_${String(number).padStart(digits, '0')}`;
}
