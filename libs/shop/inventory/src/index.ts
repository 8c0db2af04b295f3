export { inventory, stockLevel, stockStatus, type StockLevel } from './inventory.js';
