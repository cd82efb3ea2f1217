import { Module } from '@nestjs/common';
import { Announcements } from './announcements';
import { AnnouncementsController } from './announcements.controller';
import { Maintenance } from './maintenance';

@Module({ controllers: [AnnouncementsController], providers: [Announcements, Maintenance], exports: [Maintenance] })
export class AnnouncementsModule {}
