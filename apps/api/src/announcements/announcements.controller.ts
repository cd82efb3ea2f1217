import {
  announcementsView,
  type AnnouncementsView,
  announcementWish,
  type AnnouncementWish,
  keptAnnouncements,
  type KeptAnnouncements,
  keptAnnouncementView,
  type KeptAnnouncementView,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { Announcements } from './announcements';

/** Announcements, maintenance among them: seen by everybody, made by administrators. */
@ApiTags('announcements')
@Controller('announcements')
@Policy('admin')
export class AnnouncementsController {
  constructor(private readonly announcements: Announcements) {}

  /** What is shown now; the sign-in page shows it too. */
  @Get('current')
  @Policy('public')
  @ApiOkResponse({ standardSchema: announcementsView })
  current(): Promise<AnnouncementsView> {
    return this.announcements.current();
  }

  @Get()
  @ApiOkResponse({ standardSchema: keptAnnouncements })
  latest(): Promise<KeptAnnouncements> {
    return this.announcements.latest();
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: keptAnnouncementView })
  make(
    @CurrentPerson() person: Person,
    @Body({ schema: announcementWish }) wish: AnnouncementWish,
  ): Promise<KeptAnnouncementView> {
    return this.announcements.make(person, wish);
  }

  @Put(':id')
  @ApiOkResponse({ standardSchema: keptAnnouncementView })
  change(
    @CurrentPerson() person: Person,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: announcementWish }) wish: AnnouncementWish,
  ): Promise<KeptAnnouncementView> {
    return this.announcements.change(person, id, wish);
  }

  /** Ends it now; it stays in the list. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  end(@CurrentPerson() person: Person, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.announcements.end(person, id);
  }
}
