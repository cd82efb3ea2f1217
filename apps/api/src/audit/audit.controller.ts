import {
  auditExportQuery,
  type AuditExportQuery,
  auditPage,
  type AuditPage,
  auditQuery,
  type AuditQuery,
} from '@beamdesk/contracts';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Policy } from '../auth/policy';
import { sendLines } from '../monitor/csv';
import { Audit } from './audit';
import { auditLines } from './audit-file';

@ApiTags('audit')
@Controller('audit')
@Policy('admin')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  /** Newest first. */
  @Get()
  @ApiOkResponse({ standardSchema: auditPage })
  page(@Query({ schema: auditQuery }) query: AuditQuery): Promise<AuditPage> {
    return this.audit.page(query);
  }

  /** All that is picked out, as a file. */
  @Get('export')
  @ApiProduces('text/csv', 'application/jsonl')
  @ApiOkResponse({ schema: { type: 'string' } })
  async file(
    @Query({ schema: auditExportQuery }) { format, ...filters }: AuditExportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const type = format === 'csv' ? 'text/csv' : 'application/jsonl';
    await sendLines(response, { name: `audit.${format}`, type }, auditLines(format, this.audit.all(filters)));
  }
}
