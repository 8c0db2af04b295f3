import { z } from 'zod';

/**
 * What an issuer may say of the customer that somebody shops as: an id as services make them, spelt as `id` of the
 * contracts is. It goes into the input of calls, where anything else would be refused as if the gateway had made it up.
 */
export const customerId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/);
