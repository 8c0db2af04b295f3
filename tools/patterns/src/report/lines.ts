import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScreenName, Way } from '../ways.js';

const ROOT = new URL('../../../../', import.meta.url);

/** The code behind a screen on the gateway of its client. */
const served: Readonly<Record<ScreenName, readonly string[]>> = {
  'phone-home': ['apps/mobile-bff/src/home/home.aggregation.ts', 'apps/mobile-bff/src/card.ts'],
  'product-page': ['apps/web-bff/src/product/product.aggregation.ts'],
  'partner-feed': ['apps/partner-bff/src/offers/offers.aggregation.ts'],
  reviews: [],
};

/** Lines of code of a screen in the client: without blank ones, comments and imports. */
export const clientLines = (screen: ScreenName, way: Way): number =>
  linesIn(`tools/patterns/src/clients/${screen}/${way}.ts`);

/** Lines of code for it on the gateway of its client. */
export const ownServerLines = (screen: ScreenName): number =>
  served[screen].reduce((sum, file) => sum + linesIn(file), 0);

/** Lines of the gateway that all share, for all screens together. */
export const generalServerLines = (): number => linesIn('tools/patterns/src/site/general/routes.ts');

function linesIn(file: string): number {
  const path = fileURLToPath(new URL(file, ROOT));
  return existsSync(path) ? countLines(readFileSync(path, 'utf8')) : 0;
}

export function countLines(text: string): number {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^import [\s\S]*?;$/gm, '');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
