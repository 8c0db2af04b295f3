import { Module } from '@nestjs/common';
import { Expiry } from './expiry.js';
import { OrderBook } from './order-book.js';
import { OrderDesk } from './order-desk.js';
import { OrdersController } from './orders.controller.js';

@Module({ controllers: [OrdersController], providers: [OrderBook, OrderDesk, Expiry] })
export class OrdersModule {}
