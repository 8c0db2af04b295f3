import { CodedError, ownCustomer } from '@facet/contracts';
import type { Preparation } from '@facet/saga';
import { accounts, addressId } from '@facet/shop-accounts';
import { z } from 'zod';
import { bought, type checkout } from './checkout.js';

const input = z.strictObject({ ...bought, addressId });

/** A customer buys for themselves, to one of their own addresses. */
export const ofCustomer: Preparation<typeof input, typeof checkout> = {
  input,
  reads: [accounts.customer],
  problems: { 'access.denied': 403, 'checkout.address-not-found': 422 },
  prepare: async ({ input: { addressId, ...rest }, caller, call, signal, deadline }) => {
    const options = { signal, deadline, fields: ['addresses'] };
    const { value } = await call(accounts.customer, { id: ownCustomer(caller) }, options);
    const address = value.addresses.find((each) => each.id === addressId);
    if (address === undefined) throw noSuchAddress();
    const { id: _id, label: _label, ...shippingAddress } = address;
    return { ...rest, shippingAddress };
  },
};

function noSuchAddress(): CodedError {
  return new CodedError({
    code: 'checkout.address-not-found',
    status: 422,
    message: 'This customer has no such address.',
    fields: [{ field: 'addressId', message: 'There is no such address.' }],
  });
}
