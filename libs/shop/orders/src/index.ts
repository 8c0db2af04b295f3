export { order, orderLine, orders, shippingAddress, type Order } from './orders.js';
export { orderId, orderStatus } from './order-webhooks.js';
