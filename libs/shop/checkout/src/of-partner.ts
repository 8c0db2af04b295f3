import { ownCustomer } from '@facet/contracts';
import type { Preparation } from '@facet/saga';
import { orders } from '@facet/shop-orders';
import { z } from 'zod';
import { bought, type checkout } from './checkout.js';

const { shippingAddress, reference } = orders.place.input.shape;
const input = z.strictObject({ ...bought, shippingAddress, reference: reference.unwrap() });

/** A partner buys on its own account, under a reference of its own, to wherever it says. */
export const ofPartner: Preparation<typeof input, typeof checkout> = {
  input,
  problems: { 'access.denied': 403 },
  prepare: ({ input: given, caller }) => {
    ownCustomer(caller);
    return given;
  },
};
