import { instanceView, type InstanceView, launchRequest, type LaunchRequest } from '@beamdesk/contracts';
import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { DesktopsService } from './desktops.service';

@ApiTags('desktops')
@Controller('proposals/:key/services/desktop')
@Policy('member')
export class DesktopsController {
  constructor(private readonly desktops: DesktopsService) {}

  /** Desktop, Open and Try again are this one request; sending it twice changes nothing. */
  @Put()
  @ApiOkResponse({ standardSchema: instanceView })
  launch(
    @CurrentPerson() person: Person,
    @Param('key') key: string,
    @Body({ schema: launchRequest.default({}) }) request: LaunchRequest,
  ): Promise<InstanceView> {
    return this.desktops.launch(person, key, request);
  }
}
