import type { z } from 'zod';
import type { customer } from '@facet/shop-accounts';
import { once, Random } from './random.js';
import { countries, type CountryText } from './texts/people.js';
import { idOf } from './world.js';

export type SampleCustomer = z.infer<typeof customer>;

const CUSTOMERS = 200;

/** The first customers are those whom the development provider's users sign in as. */
const WITH_SIGN_IN = ['Ada Byron', 'Grace Murray'];

/** 200 customers from six countries, each with one to three addresses; the first is where orders go by default. */
export const customers = once((): readonly SampleCustomer[] => {
  const random = new Random('customers');
  return Array.from({ length: CUSTOMERS }, (_, index) => {
    const country = random.pick(countries);
    const drawn = `${random.pick(country.firstNames)} ${random.pick(country.lastNames)}`;
    const name = WITH_SIGN_IN[index] ?? drawn;
    const id = idOf('cus', index + 1, 4);
    return {
      id,
      name,
      email: `${mailName(name)}.${index + 1}@example.com`,
      locale: country.locale,
      addresses: ['Home', 'Work', 'Parents'].slice(0, random.pick([1, 1, 1, 2, 2, 3])).map((label, at) => ({
        id: `${id}_a${at + 1}`,
        label,
        recipient: name,
        ...placeIn(country, random),
      })),
    };
  });
});

function placeIn({ streets, cities, code, streetFirst }: CountryText, random: Random) {
  const [city, postalCode] = random.pick(cities);
  const [street, number] = [random.pick(streets), random.int(1, 140)];
  return {
    street: streetFirst ? `${street} ${number}` : `${number} ${street}`,
    postalCode,
    city,
    country: code,
  };
}

function mailName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.');
}
