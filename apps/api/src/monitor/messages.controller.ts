import { desktopMessages, type DesktopMessages } from '@beamdesk/contracts';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { MessagesOfDesktops } from './desktop-messages';

/** What staff wrote to the owner of a desktop, for that owner. */
@ApiTags('messages')
@Controller('messages')
@Policy('member')
export class MessagesController {
  constructor(private readonly messages: MessagesOfDesktops) {}

  @Get()
  @ApiOkResponse({ standardSchema: desktopMessages })
  list(@CurrentPerson() person: Person): Promise<DesktopMessages> {
    return this.messages.ofOwner(person);
  }

  @Post(':id/dismiss')
  @HttpCode(204)
  @ApiNoContentResponse()
  dismiss(@CurrentPerson() person: Person, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.messages.dismiss(person, id);
  }
}
