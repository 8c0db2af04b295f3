import { passThrough } from '@facet/gateway';
import { Module } from '@nestjs/common';
import { CheckoutController } from './checkout/checkout.controller.js';
import { HomeController } from './home/home.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { ProductController } from './product/product.controller.js';
import { ProductsController } from './products/products.controller.js';
import { routes } from './routes.js';
import { SearchController } from './search/search.controller.js';

@Module({
  controllers: [
    HomeController,
    ProductsController,
    ProductController,
    SearchController,
    OrdersController,
    CheckoutController,
    passThrough(routes),
  ],
})
export class WebBffModule {}
