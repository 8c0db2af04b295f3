// Made by `npm run clients` from the document of the gateway: do not edit.

export type Address = {
  id: string;
  label: string;
  recipient: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
};

export type Category = {
  id: string;
  slug: string;
  name: string;
  description: string;
  productCount: number;
  image: Image;
};

export type Customer = {
  id: string;
  name: string;
  email: string;
  locale: string;
  addresses: Array<Address>;
};

export type Image = {
  alt: string;
  sizes: Array<ImageSize>;
};

export type ImageSize = {
  name: 'thumb' | 'small' | 'medium' | 'large' | 'original';
  width: number;
  height: number;
  url: string;
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

export type Product = {
  id: string;
  sku: string;
  title: string;
  brand: string;
  categoryId: string;
  summary: string;
  description: string;
  price: Money;
  images: Array<Image>;
  attributes: Array<{
    name: string;
    value: string;
  }>;
  rating: Rating;
  createdAt: string;
  updatedAt: string;
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

export type StockLevel = {
  id: string;
  status: 'in-stock' | 'low' | 'out';
  available: number;
  warehouses: Array<{
    code: string;
    name: string;
    available: number;
  }>;
};

export type Tile = {
  id: string;
  sku: string;
  title: string;
  brand: string;
  categoryId: string;
  summary: string;
  description: string;
  price: Money;
  images: Array<Image>;
  attributes: Array<{
    name: string;
    value: string;
  }>;
  rating: Rating;
  createdAt: string;
  updatedAt: string;
  stock?: {
    status: 'in-stock' | 'low' | 'out';
    available: number;
  };
};

export type ProductPiece =
  | {
      event: 'first';
      value: {
        product: Product;
        stock?: StockLevel;
      };
    }
  | {
      event: 'part';
      part: 'reviews';
      value?: {
        rating: Rating;
        histogram: [number, number, number, number, number];
        items: Array<Review>;
        page: number;
        pageSize: number;
        total: number;
      };
      /**
       * Why it is missing: the error's code
       */
      missing?: string;
    }
  | {
      event: 'part';
      part: 'related';
      value?: Array<Product>;
      /**
       * Why it is missing: the error's code
       */
      missing?: string;
    }
  | {
      event: 'end';
      meta: {
        /**
         * The parts that are missing or stand on their default, and why
         */
        degraded?: Array<{
          part: 'stock' | 'reviews' | 'relations' | 'related';
          /**
           * The error's code
           */
          reason: string;
        }>;
        /**
         * The parts that are older than they should be, as their service cannot make new ones at present
         */
        outdated?: Array<{
          part: 'product' | 'stock' | 'reviews' | 'relations' | 'related';
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

export type SearchPiece =
  | {
      event: 'first';
      value: {
        items: Array<{
          id: string;
          sku: string;
          title: string;
          brand: string;
          categoryId: string;
          summary: string;
          description: string;
          price: Money;
          images: Array<Image>;
          attributes: Array<{
            name: string;
            value: string;
          }>;
          rating: Rating;
          createdAt: string;
          updatedAt: string;
          category?: string;
        }>;
        page: number;
        pageSize: number;
        total: number;
        q: string;
        categories: Array<{
          slug: string;
          name: string;
        }>;
      };
    }
  | {
      event: 'part';
      part: 'stock';
      value?: Array<{
        id: string;
        status: 'in-stock' | 'low' | 'out';
      }>;
      /**
       * Why it is missing: the error's code
       */
      missing?: string;
    }
  | {
      event: 'end';
      meta: {
        /**
         * The parts that are missing or stand on their default, and why
         */
        degraded?: Array<{
          part: 'categories' | 'stock';
          /**
           * The error's code
           */
          reason: string;
        }>;
        /**
         * The parts that are older than they should be, as their service cannot make new ones at present
         */
        outdated?: Array<{
          part: 'found' | 'categories' | 'stock';
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

export type HomeData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/api/home';
};

export type HomeResponses = {
  /**
   * OK
   */
  200: {
    hero: {
      headline: string;
      text: string;
      product: Tile;
    };
    featured: Array<Tile>;
    recommended: Array<Tile>;
    categories: Array<Category>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'categories' | 'popular' | 'recommended' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'featured' | 'categories' | 'popular' | 'recommended' | 'stock';
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

export type CategoriesData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/api/categories';
};

export type CategoriesResponses = {
  /**
   * OK
   */
  200: {
    items: Array<Category>;
  };
};

export type CategoriesResponse = CategoriesResponses[keyof CategoriesResponses];

export type ProductsData = {
  body?: never;
  path?: never;
  query?: {
    category?: string;
    q?: string;
    sort?: 'relevance' | 'price-asc' | 'price-desc' | 'rating' | 'newest';
    page?: number;
    pageSize?: number;
  };
  url: '/api/products';
};

export type ProductsResponses = {
  /**
   * OK
   */
  200: {
    items: Array<Tile>;
    page: number;
    pageSize: number;
    total: number;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'found' | 'stock';
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

export type ProductsResponse = ProductsResponses[keyof ProductsResponses];

export type ProductData = {
  body?: never;
  path: {
    id: string;
  };
  query?: never;
  url: '/api/products/{id}';
};

export type ProductResponses = {
  /**
   * OK
   */
  200: {
    product: Product;
    stock?: StockLevel;
    reviews?: {
      rating: Rating;
      histogram: [number, number, number, number, number];
      items: Array<Review>;
      page: number;
      pageSize: number;
      total: number;
    };
    related?: Array<Product>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'stock' | 'reviews' | 'relations' | 'related';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'product' | 'stock' | 'reviews' | 'relations' | 'related';
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
  url: '/api/products/{id}/reviews';
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

export type SearchData = {
  body?: never;
  path?: never;
  query: {
    q: string;
    category?: string;
    sort?: 'relevance' | 'price-asc' | 'price-desc' | 'rating' | 'newest';
    page?: number;
  };
  url: '/api/search';
};

export type SearchResponses = {
  /**
   * OK
   */
  200: {
    items: Array<{
      id: string;
      sku: string;
      title: string;
      brand: string;
      categoryId: string;
      summary: string;
      description: string;
      price: Money;
      images: Array<Image>;
      attributes: Array<{
        name: string;
        value: string;
      }>;
      rating: Rating;
      createdAt: string;
      updatedAt: string;
      category?: string;
    }>;
    page: number;
    pageSize: number;
    total: number;
    q: string;
    categories: Array<{
      slug: string;
      name: string;
    }>;
    stock?: Array<{
      id: string;
      status: 'in-stock' | 'low' | 'out';
    }>;
    meta?: {
      /**
       * The parts that are missing or stand on their default, and why
       */
      degraded?: Array<{
        part: 'categories' | 'stock';
        /**
         * The error's code
         */
        reason: string;
      }>;
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'found' | 'categories' | 'stock';
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

export type SearchResponse = SearchResponses[keyof SearchResponses];

export type AccountData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/api/account';
};

export type AccountResponses = {
  /**
   * OK
   */
  200: Customer;
};

export type AccountResponse = AccountResponses[keyof AccountResponses];

export type OrdersData = {
  body?: never;
  path?: never;
  query?: {
    page?: number;
    pageSize?: number;
  };
  url: '/api/orders';
};

export type OrdersResponses = {
  /**
   * OK
   */
  200: {
    items: Array<{
      id: string;
      customerId: string;
      reference: string | null;
      status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
      lines: Array<{
        productId: string;
        title: string;
        quantity: number;
        unitPrice: Money;
        picture?: Image;
        stock?: 'in-stock' | 'low' | 'out';
      }>;
      total: Money;
      shippingAddress: ShippingAddress;
      paymentId: string | null;
      reservationId: string | null;
      createdAt: string;
      updatedAt: string;
    }>;
    page: number;
    pageSize: number;
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
  url: '/api/orders/{id}';
};

export type OrderResponses = {
  /**
   * OrderView
   *
   * OK
   */
  200: {
    id: string;
    customerId: string;
    reference: string | null;
    status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
    lines: Array<{
      productId: string;
      title: string;
      quantity: number;
      unitPrice: Money;
      picture?: Image;
      stock?: 'in-stock' | 'low' | 'out';
    }>;
    total: Money;
    shippingAddress: ShippingAddress;
    paymentId: string | null;
    reservationId: string | null;
    createdAt: string;
    updatedAt: string;
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
  url: '/api/checkout';
};

export type CheckoutResponses = {
  /**
   * Done
   */
  201: Order;
};

export type CheckoutResponse = CheckoutResponses[keyof CheckoutResponses];

export type UserData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/auth/user';
};

export type UserResponses = {
  /**
   * What the page may know of its user
   */
  200: {
    subject: string;
    name?: string;
    email?: string;
    roles: Array<string>;
    customerId?: string;
    session: {
      id: string;
      /**
       * Unless it idles before
       */
      endsAt: string;
    };
  };
};

export type UserResponse = UserResponses[keyof UserResponses];

export type SignOutData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/auth/logout';
};

export type SignOutResponses = {
  /**
   * Ended
   */
  200: {
    /**
     * Where the issuer's own session may be ended too
     */
    location: string | null;
  };
};

export type SignOutResponse = SignOutResponses[keyof SignOutResponses];

export type EndOtherSessionsData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/auth/sessions';
};

export type EndOtherSessionsResponses = {
  /**
   * How many have ended
   */
  200: {
    /**
     * How many sessions
     */
    ended: number;
  };
};

export type EndOtherSessionsResponse = EndOtherSessionsResponses[keyof EndOtherSessionsResponses];

export type SessionsData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/auth/sessions';
};

export type SessionsResponses = {
  /**
   * All of them, this one marked
   */
  200: {
    items: Array<{
      id: string;
      /**
       * The User-Agent that it was begun with
       */
      device: string;
      createdAt: string;
      lastSeenAt: string;
      current: boolean;
    }>;
  };
};

export type SessionsResponse = SessionsResponses[keyof SessionsResponses];

export type EndSessionData = {
  body?: never;
  path: {
    id: string;
  };
  query?: never;
  url: '/auth/sessions/{id}';
};

export type EndSessionResponses = {
  /**
   * Ended
   */
  200: {
    /**
     * How many sessions
     */
    ended: number;
  };
};

export type EndSessionResponse = EndSessionResponses[keyof EndSessionResponses];
