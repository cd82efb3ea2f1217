import {
  folderView,
  type FolderView,
  madeFolder,
  makeFolder,
  type MadeFolder,
  type MakeFolder,
  sentFile,
  type SentFile,
} from '@beamdesk/contracts';
import { Body, Controller, Get, HttpStatus, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiProduces,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CurrentPerson } from '../auth/current-person';
import type { Person } from '../auth/person';
import { Policy } from '../auth/policy';
import { FilesService } from './files.service';

const id = { schema: z.uuid() };
const BYTES = { schema: { type: 'string', format: 'binary' } } as const;

/** Files in and out of a running desktop; for members who may control it. */
@ApiTags('files')
@Controller('instances/:id/files')
@Policy('member')
export class FilesController {
  constructor(private readonly files: FilesService) {}

  @Get()
  @ApiQuery({ name: 'path', type: String })
  @ApiOkResponse({ standardSchema: folderView })
  list(
    @CurrentPerson() person: Person,
    @Param('id', id) instance: string,
    @Query('path') path: unknown,
  ): Promise<FolderView> {
    return this.files.list(person, instance, path);
  }

  /** The file as an attachment; single ranges are answered with 206. */
  @Get('content')
  @ApiQuery({ name: 'path', type: String })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse(BYTES)
  async send(
    @CurrentPerson() person: Person,
    @Param('id', id) instance: string,
    @Query('path') path: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.files.send(person, instance, path, request, response);
  }

  /** The body is the file, as it is: it is written as it comes, and there only when it is whole. */
  @Put('content')
  @ApiQuery({ name: 'path', type: String })
  @ApiQuery({ name: 'overwrite', enum: ['true'], required: false })
  @ApiConsumes('application/octet-stream')
  @ApiBody(BYTES)
  @ApiCreatedResponse({ standardSchema: sentFile })
  async receive(
    @CurrentPerson() person: Person,
    @Param('id', id) instance: string,
    @Query('path') path: unknown,
    @Query('overwrite') overwrite: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SentFile> {
    const sent = await this.files.receive(person, instance, path, overwrite === 'true', request);
    response.status(HttpStatus.CREATED);
    return sent;
  }

  /** 201: made; 200: it was a folder already. */
  @Post('folders')
  @ApiCreatedResponse({ standardSchema: madeFolder })
  async makeFolder(
    @CurrentPerson() person: Person,
    @Param('id', id) instance: string,
    @Body({ schema: makeFolder }) { path }: MakeFolder,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MadeFolder> {
    const made = await this.files.makeFolder(person, instance, path);
    response.status(made ? HttpStatus.CREATED : HttpStatus.OK);
    return { path };
  }
}
