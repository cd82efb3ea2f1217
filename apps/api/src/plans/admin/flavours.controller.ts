import {
  catalogueId,
  flavourChange,
  type FlavourChange,
  flavoursView,
  type FlavoursView,
  newFlavour,
  type NewFlavour,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { FlavourRegistry } from './flavour-registry';

const ID = { schema: catalogueId };

/** Flavours, for facility admins. What changes one answers with all of them. */
@ApiTags('plans')
@Controller('flavours')
@Policy('admin')
export class FlavoursController {
  constructor(private readonly registry: FlavourRegistry) {}

  @Get()
  @ApiOkResponse({ standardSchema: flavoursView })
  list(): Promise<FlavoursView> {
    return this.registry.list();
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: flavoursView })
  async make(@CurrentPerson() person: Person, @Body({ schema: newFlavour }) flavour: NewFlavour): Promise<FlavoursView> {
    await this.registry.make(person, flavour);
    return this.registry.list();
  }

  @Patch(':flavour')
  @ApiOkResponse({ standardSchema: flavoursView })
  async change(
    @CurrentPerson() person: Person,
    @Param('flavour', ID) flavour: string,
    @Body({ schema: flavourChange }) change: FlavourChange,
  ): Promise<FlavoursView> {
    await this.registry.change(person, flavour, change);
    return this.registry.list();
  }

  /** 409 while a plan names it. */
  @Delete(':flavour')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentPerson() person: Person, @Param('flavour', ID) flavour: string): Promise<void> {
    return this.registry.remove(person, flavour);
  }
}
