export { inventory, reservationId, stockLevel, stockStatus, type StockLevel } from './inventory.js';
