import { passThrough } from '@facet/gateway';
import { Module } from '@nestjs/common';
import { CheckoutController } from './checkout/checkout.controller.js';
import { HomeController } from './home/home.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { ProductController } from './product/product.controller.js';
import { routes } from './routes.js';
import { SyncController } from './sync/sync.controller.js';

@Module({
  controllers: [
    HomeController,
    ProductController,
    OrdersController,
    SyncController,
    CheckoutController,
    passThrough(routes),
  ],
})
export class MobileBffModule {}
