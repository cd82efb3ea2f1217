import type { AcceptConditions, ConditionsView } from '@beamdesk/contracts';
import { acceptConditions, conditionsView } from '@beamdesk/contracts';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { ApiError } from '../http/api-error';
import { Site } from '../site/site';
import { CurrentPerson } from './current-person';
import { ConditionsAcceptanceEntity } from './entities/conditions-acceptance.entity';
import type { Person } from './person';
import { Policy } from './policy';

/** Conditions of Usage: read, and accepted once per version. */
@Controller('conditions')
@Policy('authorised')
export class ConditionsController {
  constructor(
    private readonly site: Site,
    private readonly dataSource: DataSource,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: conditionsView })
  show(): ConditionsView {
    const { version, text, publishedAt } = this.site.conditions;
    return { version, text, publishedAt: publishedAt.toISOString() };
  }

  /** The version named is what the person read; when it is no longer the present one, the present one has to be read. */
  @Post('acceptance')
  @HttpCode(204)
  @ApiNoContentResponse()
  async accept(
    @Body({ schema: acceptConditions }) { version }: AcceptConditions,
    @CurrentPerson() person: Person,
  ): Promise<void> {
    const present = this.site.conditions.version;
    if (version !== present) {
      throw new ApiError(409, 'CONDITIONS_CHANGED', 'The Conditions of Usage have changed. Please read them again.', {
        version: present,
      });
    }
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(ConditionsAcceptanceEntity)
      .values({ userId: person.id, version })
      .orIgnore()
      .execute();
  }
}
