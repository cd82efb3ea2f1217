import { Module } from '@nestjs/common';
import { HomesController } from './homes.controller';
import { HomesService } from './homes.service';

/** What people see of their home folders; who measures them is the worker's `HomeMeasurer`. */
@Module({ controllers: [HomesController], providers: [HomesService] })
export class HomesModule {}
