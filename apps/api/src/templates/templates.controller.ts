import { templatesView, type TemplatesView } from '@beamdesk/contracts';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Policy } from '../auth/policy';
import { templateName } from './template-name';
import { TemplatesService } from './templates.service';

@ApiTags('templates')
@Controller('templates')
@Policy('staff')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @ApiOkResponse({ standardSchema: templatesView })
  list(): Promise<TemplatesView> {
    return this.templates.list();
  }

  /** Accepted: its host begins within seconds, also with one that was set aside. */
  @Post(':hostId/:key/rebuild')
  @Policy('admin')
  @HttpCode(202)
  @ApiAcceptedResponse()
  rebuild(
    @Param('hostId', { schema: templateName }) hostId: string,
    @Param('key', { schema: templateName }) key: string,
  ): Promise<void> {
    return this.templates.rebuild(hostId, key);
  }
}
