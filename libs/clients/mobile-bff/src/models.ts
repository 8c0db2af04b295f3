// Made by `npm run clients` from the document of the gateway: do not edit.

export type Card = {
  id: string;
  title: string;
  price: Money;
  stars: number;
  image: string;
  stock?: 'in-stock' | 'low' | 'out';
};

export type Money = {
  amount: number;
  currency: string;
};

export type Order = {
  id: string;
  customerId: string;
  reference: string | null;
  status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
  lines: Array<OrderLine>;
  total: Money;
  shippingAddress: ShippingAddress;
  paymentId: string | null;
  reservationId: string | null;
  createdAt: string;
  updatedAt: string;
};

export type OrderLine = {
  productId: string;
  title: string;
  quantity: number;
  unitPrice: Money;
};

export type Rating = {
  average: number;
  count: number;
};

export type Review = {
  id: string;
  productId: string;
  author: string;
  stars: number;
  title: string;
  text: string;
  createdAt: string;
};

export type ShippingAddress = {
  recipient: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
};

export type HomeData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/v1/home';
};

export type HomeResponses = {
  /**
   * OK
   */
  200: {
    hero: {
      headline: string;
      product: Card;
    };
    featured: Array<Card>;
    forYou: Array<Card>;
    categories: Array<{
      slug: string;
      name: string;
    }>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'categories' | 'popular' | 'forYou' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'featured' | 'categories' | 'popular' | 'forYou' | 'stock';
        ageSeconds: number;
      }>;
      /**
       * How the answer was made, where ?explain=1 asks
       */
      explain?: {
        [key: string]: unknown;
      };
    };
  };
};

export type HomeResponse = HomeResponses[keyof HomeResponses];

export type ProductData = {
  body?: never;
  path: {
    id: string;
  };
  query?: never;
  url: '/v1/products/{id}';
};

export type ProductResponses = {
  /**
   * OK
   */
  200: {
    id: string;
    title: string;
    brand: string;
    summary: string;
    price: Money;
    rating: Rating;
    image: string;
    stock?: 'in-stock' | 'low' | 'out';
    related: Array<Card>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'related' | 'relatedProducts' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'product' | 'related' | 'relatedProducts' | 'stock';
        ageSeconds: number;
      }>;
      /**
       * How the answer was made, where ?explain=1 asks
       */
      explain?: {
        [key: string]: unknown;
      };
    };
  };
};

export type ProductResponse = ProductResponses[keyof ProductResponses];

export type ReviewsData = {
  body?: never;
  path: {
    id: string;
  };
  query?: {
    page?: number;
    pageSize?: number;
  };
  url: '/v1/products/{id}/reviews';
};

export type ReviewsResponses = {
  /**
   * OK
   */
  200: {
    rating: Rating;
    histogram: [number, number, number, number, number];
    items: Array<Review>;
    page: number;
    pageSize: number;
    total: number;
  };
};

export type ReviewsResponse = ReviewsResponses[keyof ReviewsResponses];

export type OrdersData = {
  body?: never;
  path?: never;
  query?: {
    page?: number;
    pageSize?: number;
  };
  url: '/v1/orders';
};

export type OrdersResponses = {
  /**
   * OK
   */
  200: {
    items: Array<{
      id: string;
      status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
      total: Money;
      createdAt: string;
      lines: Array<{
        productId: string;
        quantity: number;
        image?: string;
        stock?: 'in-stock' | 'low' | 'out';
      }>;
    }>;
    page: number;
    total: number;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'products' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'found' | 'products' | 'stock';
        ageSeconds: number;
      }>;
      /**
       * How the answer was made, where ?explain=1 asks
       */
      explain?: {
        [key: string]: unknown;
      };
    };
  };
};

export type OrdersResponse = OrdersResponses[keyof OrdersResponses];

export type OrderData = {
  body?: never;
  path: {
    id: string;
  };
  query?: never;
  url: '/v1/orders/{id}';
};

export type OrderResponses = {
  /**
   * OK
   */
  200: {
    id: string;
    status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
    total: Money;
    createdAt: string;
    reference: string | null;
    shippingAddress: ShippingAddress;
    lines: Array<{
      productId: string;
      quantity: number;
      image?: string;
      stock?: 'in-stock' | 'low' | 'out';
      title: string;
      unitPrice: Money;
    }>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'products' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'found' | 'products' | 'stock';
        ageSeconds: number;
      }>;
      /**
       * How the answer was made, where ?explain=1 asks
       */
      explain?: {
        [key: string]: unknown;
      };
    };
  };
};

export type OrderResponse = OrderResponses[keyof OrderResponses];

export type SyncData = {
  body?: never;
  path?: never;
  query?: {
    since?: string;
  };
  url: '/v1/sync';
};

export type SyncResponses = {
  /**
   * OK
   */
  200: {
    orders: Array<{
      id: string;
      status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
      total: Money;
      updatedAt: string;
    }>;
    prices: Array<{
      id: string;
      price: Money;
    }>;
    next: string;
    more: boolean;
    meta?: {
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'orders' | 'prices';
        ageSeconds: number;
      }>;
      /**
       * How the answer was made, where ?explain=1 asks
       */
      explain?: {
        [key: string]: unknown;
      };
    };
  };
};

export type SyncResponse = SyncResponses[keyof SyncResponses];

export type CheckoutData = {
  body: {
    lines: Array<{
      productId: string;
      quantity: number;
    }>;
    card: string;
    expectedTotal?: Money;
    addressId: string;
  };
  headers: {
    /**
     * One for each thing to do; the same again gives the same answer and does nothing twice
     */
    'Idempotency-Key': string;
  };
  path?: never;
  query?: never;
  url: '/v1/checkout';
};

export type CheckoutResponses = {
  /**
   * Done
   */
  201: Order;
};

export type CheckoutResponse = CheckoutResponses[keyof CheckoutResponses];
