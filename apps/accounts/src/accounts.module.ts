import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { Customers } from './customers.js';

@Module({ controllers: [AccountsController], providers: [Customers] })
export class AccountsModule {}
