export type { Reviews } from '../product-page/screen.js';
export { PRODUCT } from '../product-page/screen.js';
