import { passThrough } from '@facet/gateway';
import { Module } from '@nestjs/common';
import { OffersController } from './offers/offers.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { routes } from './routes.js';
import { UsageController } from './usage/usage.controller.js';

@Module({ controllers: [OffersController, OrdersController, UsageController, passThrough(routes)] })
export class PartnerBffModule {}
