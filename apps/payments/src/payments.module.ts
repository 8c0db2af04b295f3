import { Module } from '@nestjs/common';
import { Books } from './books.js';
import { PaymentsController } from './payments.controller.js';
import { Provider } from './provider.js';

@Module({ controllers: [PaymentsController], providers: [Books, Provider] })
export class PaymentsModule {}
