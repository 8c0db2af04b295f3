import { Module } from '@nestjs/common';
import { InventoryController } from './inventory.controller.js';
import { Levels } from './levels.js';
import { Reservations } from './reservations.js';

@Module({ controllers: [InventoryController], providers: [Levels, Reservations] })
export class InventoryModule {}
