import { passThrough } from '@facet/gateway';
import { Module } from '@nestjs/common';
import { HomeController } from './home/home.controller.js';
import { ProductController } from './product/product.controller.js';
import { routes } from './routes.js';

@Module({ controllers: [HomeController, ProductController, passThrough(routes)] })
export class MobileBffModule {}
