import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Policy } from '../auth/policy';
import { ApiError } from '../http/api-error';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

/** For supervisors and load balancers; tells nothing about the inside. */
@Controller()
@Policy('public')
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  /** The process answers. */
  @Get('health')
  @ApiOkResponse({ standardSchema: health })
  alive(): z.infer<typeof health> {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: health })
  async ready(): Promise<z.infer<typeof health>> {
    try {
      await this.dataSource.query('SELECT 1');
    } catch (error) {
      throw new ApiError(503, 'NOT_READY', 'The portal is not ready.', undefined, String(error));
    }
    return { status: 'ok' };
  }
}
