import { auditPage, type AuditPage, auditQuery, type AuditQuery } from '@beamdesk/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Policy } from '../auth/policy';
import { Audit } from './audit';

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
}
