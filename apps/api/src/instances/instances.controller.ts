import { extensionWish, type ExtensionWish, instanceView, type InstanceView } from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { Extensions } from './extensions';
import { InstancesService } from './instances.service';

const id = { schema: z.uuid() };

@ApiTags('instances')
@Controller('instances')
@Policy('member')
export class InstancesController {
  constructor(
    private readonly instances: InstancesService,
    private readonly extensions: Extensions,
  ) {}

  @Get()
  @Policy('accepted')
  @ApiOkResponse({ standardSchema: z.array(instanceView) })
  list(@CurrentPerson() person: Person): Promise<InstanceView[]> {
    return this.instances.list(person);
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: instanceView })
  get(@CurrentPerson() person: Person, @Param('id', id) instance: string): Promise<InstanceView> {
    return this.instances.get(person, instance);
  }

  @Post(':id/stop')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: instanceView })
  stop(@CurrentPerson() person: Person, @Param('id', id) instance: string): Promise<InstanceView> {
    return this.instances.stop(person, instance);
  }

  /** Lives longer, as its plan allows without asking. */
  @Post(':id/extend')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: instanceView })
  extend(
    @CurrentPerson() person: Person,
    @Param('id', id) instance: string,
    @Body({ schema: extensionWish }) wish: ExtensionWish,
  ): Promise<InstanceView> {
    return this.extensions.extend(person, instance, wish);
  }

  @Delete(':id')
  @ApiOkResponse({ standardSchema: instanceView })
  delete(@CurrentPerson() person: Person, @Param('id', id) instance: string): Promise<InstanceView> {
    return this.instances.delete(person, instance);
  }
}
