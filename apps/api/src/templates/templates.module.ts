import { Module } from '@nestjs/common';
import { TemplatesController } from './templates.controller';
import { TemplatesService } from './templates.service';

/** What staff see of templates; who keeps them is the worker's `TemplateKeeper`. */
@Module({ controllers: [TemplatesController], providers: [TemplatesService] })
export class TemplatesModule {}
