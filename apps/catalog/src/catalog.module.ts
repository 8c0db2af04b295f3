import { Module } from '@nestjs/common';
import { CatalogController } from './catalog.controller.js';
import { Prices } from './prices.js';
import { Products } from './products.js';
import { Quotes } from './quotes.js';
import { Search } from './search.js';

@Module({
  controllers: [CatalogController],
  providers: [Products, Search, Prices, Quotes],
})
export class CatalogModule {}
