export { checkout } from './checkout.js';
export { ofCustomer } from './of-customer.js';
export { ofPartner } from './of-partner.js';
