import { uploadView, type UploadView } from '@beamdesk/contracts';
import { Controller, Delete, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { notFound } from '../../http/api-error';
import { RateLimit } from '../../http/rate-limit.guard';
import { Uploads } from './uploads';

/** Uploads of images by the tus protocol; each belongs to who began it. */
@ApiTags('images')
@Controller('uploads')
@Policy('admin')
export class UploadsController {
  constructor(private readonly uploads: Uploads) {}

  /** Its address is in `Location`; the file follows by PATCH. */
  @Post()
  @RateLimit({ name: 'upload', perMinute: 30 })
  @ApiHeader({ name: 'Upload-Length', required: true })
  @ApiCreatedResponse()
  begin(@CurrentPerson() person: Person, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.uploads.begin(person.id, request, response);
  }

  /** How far it came; asked by HEAD as tus does, in its headers. */
  @Get(':upload')
  @ApiOkResponse({ standardSchema: uploadView })
  async offset(
    @CurrentPerson() person: Person,
    @Param('upload') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (request.method === 'HEAD') return this.uploads.goOn(person.id, id, request, response);
    const upload = await this.uploads.find(person.id, id);
    if (!upload) throw notFound();
    const { name, sizeBytes, receivedBytes } = upload;
    response.json({ name, sizeBytes, receivedBytes } satisfies UploadView);
  }

  @Patch(':upload')
  @ApiConsumes('application/offset+octet-stream')
  @ApiNoContentResponse()
  goOn(
    @CurrentPerson() person: Person,
    @Param('upload') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.uploads.goOn(person.id, id, request, response);
  }

  @Delete(':upload')
  @ApiNoContentResponse()
  remove(
    @CurrentPerson() person: Person,
    @Param('upload') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.uploads.goOn(person.id, id, request, response);
  }
}
