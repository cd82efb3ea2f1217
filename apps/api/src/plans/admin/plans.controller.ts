import {
  catalogueId,
  newPlan,
  type NewPlan,
  planAdminView,
  type PlanAdminView,
  planChange,
  type PlanChange,
  plansView,
  type PlansView,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { PlanRegistry } from './plan-registry';
import { PlanViews } from './plan-views';

const ID = { schema: catalogueId };

/** Plans, for facility admins. */
@ApiTags('plans')
@Controller('plans')
@Policy('admin')
export class PlansController {
  constructor(
    private readonly registry: PlanRegistry,
    private readonly views: PlanViews,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: plansView })
  list(): Promise<PlansView> {
    return this.views.list();
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: planAdminView })
  async make(@CurrentPerson() person: Person, @Body({ schema: newPlan }) plan: NewPlan): Promise<PlanAdminView> {
    await this.registry.make(person, plan);
    return this.views.one(plan.id);
  }

  @Patch(':plan')
  @ApiOkResponse({ standardSchema: planAdminView })
  async change(
    @CurrentPerson() person: Person,
    @Param('plan', ID) plan: string,
    @Body({ schema: planChange }) change: PlanChange,
  ): Promise<PlanAdminView> {
    await this.registry.change(person, plan, change);
    return this.views.one(plan);
  }

  /** Desktops that were started with it go on. */
  @Delete(':plan')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentPerson() person: Person, @Param('plan', ID) plan: string): Promise<void> {
    return this.registry.remove(person, plan);
  }
}
