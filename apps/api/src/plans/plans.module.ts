import { Module } from '@nestjs/common';
import { FlavourRegistry } from './admin/flavour-registry';
import { FlavoursController } from './admin/flavours.controller';
import { PlanRegistry } from './admin/plan-registry';
import { PlanViews } from './admin/plan-views';
import { PlansController } from './admin/plans.controller';
import { Software } from './software';
import { SoftwareController } from './software.controller';

/** Flavours and plans as admins change them, and the software that plans hold; what is offered is `Plans`, of the site's module. */
@Module({
  controllers: [FlavoursController, PlansController, SoftwareController],
  providers: [FlavourRegistry, PlanRegistry, PlanViews, Software],
})
export class PlansModule {}
