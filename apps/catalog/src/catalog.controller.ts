import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { catalog } from '@facet/shop-catalog';
import { Prices } from './prices.js';
import { Products } from './products.js';
import { Quotes } from './quotes.js';
import { Search } from './search.js';

type Input<Name extends keyof typeof catalog> = ParsedInputOf<(typeof catalog)[Name]>;

@Controller()
export class CatalogController {
  constructor(
    private readonly products: Products,
    private readonly search: Search,
    private readonly prices: Prices,
    private readonly quotes: Quotes,
  ) {}

  @Implements(catalog.categories)
  categories() {
    return this.products.categories();
  }

  @Implements(catalog.featured)
  featured({ limit }: Input<'featured'>) {
    return this.products.featured(limit);
  }

  @Implements(catalog.products)
  find(input: Input<'products'>) {
    return this.search.products(input);
  }

  @Implements(catalog.product)
  product({ id }: Input<'product'>) {
    return this.products.one(id);
  }

  @Implements(catalog.productsByIds)
  productsByIds({ ids }: Input<'productsByIds'>) {
    return this.products.byIds(ids);
  }

  @Implements(catalog.feed)
  feed(input: Input<'feed'>) {
    return this.products.feed(input);
  }

  @Implements(catalog.priceChanges)
  priceChanges(input: Input<'priceChanges'>) {
    return this.prices.changes(input);
  }

  @Implements(catalog.quote)
  quote(input: Input<'quote'>) {
    return this.quotes.quote(input);
  }

  @Implements(catalog.setPrice)
  setPrice(input: Input<'setPrice'>) {
    return this.prices.set(input);
  }
}
