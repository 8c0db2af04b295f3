/** What the first screen of the phone shows. */
export interface PhoneHome {
  readonly hero: { readonly headline: string; readonly product: Card };
  readonly featured: readonly Card[];
  readonly forYou: readonly Card[];
  readonly categories: readonly { readonly slug: string; readonly name: string }[];
}

export interface Card {
  readonly id: string;
  readonly title: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly stars: number;
  readonly image: string;
  readonly stock?: string | undefined;
}
