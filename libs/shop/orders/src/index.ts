export { order, orderLine, orders, shippingAddress, type Order } from './orders.js';
export { orderStatus } from './order-webhooks.js';
