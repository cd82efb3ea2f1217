import { Module } from '@nestjs/common';
import { GpuLeases } from './gpu-leases';
import { GpusController } from './gpus.controller';
import { GpusService } from './gpus.service';

/** Graphics cards: what hosts have, and which desktop has which; who looks for them is the worker's `GpuInventory`. */
@Module({ controllers: [GpusController], providers: [GpusService, GpuLeases], exports: [GpuLeases] })
export class GpusModule {}
