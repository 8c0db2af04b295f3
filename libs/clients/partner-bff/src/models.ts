// Made by `npm run clients` from the document of the gateway: do not edit.

export type DeadLetter = {
  id: string;
  subscriptionId: string;
  orderId: string;
  status: 'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';
  attempts: number;
  reason: string;
  createdAt: string;
  failedAt: string;
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

export type Subscription = {
  id: string;
  url: string;
  statuses: Array<'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled'>;
  createdAt: string;
};

export type CatalogData = {
  body?: never;
  path?: never;
  query?: {
    cursor?: string;
    limit?: number;
  };
  url: '/v1/catalog';
};

export type CatalogResponses = {
  /**
   * OK
   */
  200: {
    items: Array<Product>;
    next: string | null;
  };
};

export type CatalogResponse = CatalogResponses[keyof CatalogResponses];

export type StockData = {
  body?: never;
  path?: never;
  query: {
    ids: Array<string>;
  };
  url: '/v1/stock';
};

export type StockResponses = {
  /**
   * OK
   */
  200: {
    items: Array<StockLevel>;
  };
};

export type StockResponse = StockResponses[keyof StockResponses];

export type OrderChangesData = {
  body?: never;
  path?: never;
  query?: {
    since?: string;
    limit?: number;
  };
  url: '/v1/orders/changes';
};

export type OrderChangesResponses = {
  /**
   * OK
   */
  200: {
    items: Array<Order>;
    next: string;
    more: boolean;
  };
};

export type OrderChangesResponse = OrderChangesResponses[keyof OrderChangesResponses];

export type OrderData = {
  body?: never;
  path: {
    reference: string;
  };
  query?: never;
  url: '/v1/orders/{reference}';
};

export type OrderResponses = {
  /**
   * OK
   */
  200: Order;
};

export type OrderResponse = OrderResponses[keyof OrderResponses];

export type OffersData = {
  body?: never;
  path?: never;
  query: {
    ids: Array<string>;
  };
  url: '/v1/offers';
};

export type OffersResponses = {
  /**
   * OK
   */
  200: {
    items: Array<{
      id: string;
      sku: string;
      price: Money;
      stock: {
        status: 'in-stock' | 'low' | 'out';
        available: number;
      };
    }>;
    meta?: {
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'products' | 'stock';
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

export type OffersResponse = OffersResponses[keyof OffersResponses];

export type OffersInBulkData = {
  body: {
    ids: Array<string>;
  };
  path?: never;
  query?: never;
  url: '/v1/offers';
};

export type OffersInBulkResponses = {
  /**
   * OK
   */
  200: {
    items: Array<{
      id: string;
      sku: string;
      price: Money;
      stock: {
        status: 'in-stock' | 'low' | 'out';
        available: number;
      };
    }>;
    meta?: {
      /**
       * The parts that are older than they should be, as their service cannot make new ones at present
       */
      outdated?: Array<{
        part: 'products' | 'stock';
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

export type OffersInBulkResponse = OffersInBulkResponses[keyof OffersInBulkResponses];

export type PlaceOrderData = {
  body: {
    lines: Array<{
      productId: string;
      quantity: number;
    }>;
    card: string;
    expectedTotal?: Money;
    shippingAddress: ShippingAddress;
    reference: string;
  };
  headers: {
    /**
     * One for each thing to do; the same again gives the same answer and does nothing twice
     */
    'Idempotency-Key': string;
  };
  path?: never;
  query?: never;
  url: '/v1/orders';
};

export type PlaceOrderResponses = {
  /**
   * Done
   */
  201: Order;
};

export type PlaceOrderResponse = PlaceOrderResponses[keyof PlaceOrderResponses];

export type UsageData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/v1/usage';
};

export type UsageResponses = {
  /**
   * OK
   */
  200: {
    plan: string;
    limits: Array<{
      window: 'burst' | 'sustained' | 'day' | 'month' | 'failures';
      limit: number;
      used: number;
      remaining: number;
      /**
       * When counting begins anew
       */
      resetsAt: string;
    }>;
  };
};

export type UsageResponse = UsageResponses[keyof UsageResponses];

export type WebhooksData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/v1/webhooks';
};

export type WebhooksResponses = {
  /**
   * OK
   */
  200: {
    items: Array<Subscription>;
  };
};

export type WebhooksResponse = WebhooksResponses[keyof WebhooksResponses];

export type AddWebhookData = {
  body: {
    url: string;
    statuses?: Array<'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled'>;
  };
  headers: {
    'idempotency-key': string;
  };
  path?: never;
  query?: never;
  url: '/v1/webhooks';
};

export type AddWebhookResponses = {
  /**
   * OK
   */
  200: {
    id: string;
    url: string;
    statuses: Array<'pending' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled'>;
    createdAt: string;
    secret: string;
  };
};

export type AddWebhookResponse = AddWebhookResponses[keyof AddWebhookResponses];

export type RemoveWebhookData = {
  body?: never;
  headers: {
    'idempotency-key': string;
  };
  path: {
    id: string;
  };
  query?: never;
  url: '/v1/webhooks/{id}';
};

export type RemoveWebhookResponses = {
  /**
   * OK
   */
  200: Subscription;
};

export type RemoveWebhookResponse = RemoveWebhookResponses[keyof RemoveWebhookResponses];

export type DeadLettersData = {
  body?: never;
  path?: never;
  query?: {
    limit?: number;
  };
  url: '/v1/webhooks/dead-letters';
};

export type DeadLettersResponses = {
  /**
   * OK
   */
  200: {
    items: Array<DeadLetter>;
  };
};

export type DeadLettersResponse = DeadLettersResponses[keyof DeadLettersResponses];

export type RedeliverData = {
  body?: never;
  headers: {
    'idempotency-key': string;
  };
  path: {
    id: string;
  };
  query?: never;
  url: '/v1/webhooks/dead-letters/{id}/redeliver';
};

export type RedeliverResponses = {
  /**
   * OK
   */
  200: {
    id: string;
    subscriptionId: string;
  };
};

export type RedeliverResponse = RedeliverResponses[keyof RedeliverResponses];
