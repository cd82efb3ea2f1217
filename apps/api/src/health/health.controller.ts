import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Policy } from '../auth/policy';
import { ApiError } from '../http/api-error';
import { Readiness } from './readiness';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

/** For supervisors and load balancers; tells nothing about the inside. */
@Controller()
@Policy('public')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('health')
  @ApiOkResponse({ standardSchema: health })
  alive(): z.infer<typeof health> {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers and is up to date, and the host of a worker is looked after. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: health })
  async ready(): Promise<z.infer<typeof health>> {
    const { status, parts } = await this.readiness.look();
    if (status === 'ok') return { status };
    throw new ApiError(503, 'NOT_READY', 'The portal is not ready.', { parts });
  }
}
