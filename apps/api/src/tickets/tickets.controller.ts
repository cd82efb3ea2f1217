import { ticketView, type TicketView } from '@beamdesk/contracts';
import { Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { RateLimit } from '../http/rate-limit.guard';
import { TicketsService } from './tickets.service';

@ApiTags('instances')
@Controller('instances/:id/tickets')
@Policy('member')
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  /** The right to open one session within 15 s; asked for just before each connection. */
  @Post()
  @RateLimit({ name: 'tickets', perMinute: 120 })
  @ApiCreatedResponse({ standardSchema: ticketView })
  issue(@CurrentPerson() person: Person, @Param('id', { schema: z.uuid() }) id: string): Promise<TicketView> {
    return this.tickets.issue(person, id);
  }
}
