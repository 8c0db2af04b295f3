import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysController } from './api-keys.controller.js';
import { Customers } from './customers.js';

@Module({ controllers: [AccountsController, ApiKeysController], providers: [Customers, ApiKeys] })
export class AccountsModule {}
