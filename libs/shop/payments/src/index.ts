export { ledgerEntry, payment, payments, paymentStatus, testCards, type Payment } from './payments.js';
