export {
  ledgerEntry,
  payment,
  paymentId,
  payments,
  paymentStatus,
  testCards,
  type Payment,
} from './payments.js';
