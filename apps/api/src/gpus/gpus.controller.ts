import { gpusView, type GpusView } from '@beamdesk/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Policy } from '../auth/policy';
import { GpusService } from './gpus.service';

@ApiTags('gpus')
@Controller('gpus')
@Policy('admin')
export class GpusController {
  constructor(private readonly gpus: GpusService) {}

  /** What the hosts' workers last saw, usable or not, and the desktops that have them. */
  @Get()
  @ApiOkResponse({ standardSchema: gpusView })
  list(): Promise<GpusView> {
    return this.gpus.list();
  }
}
