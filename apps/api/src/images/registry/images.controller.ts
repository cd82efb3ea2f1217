import {
  catalogueId,
  imageChange,
  type ImageChange,
  imagesView,
  imageTrial,
  type ImageTrial,
  instanceView,
  type InstanceView,
  type ImagesView,
  imageTraitsChange,
  type ImageTraitsChange,
  imageView,
  type ImageView,
  incomingFiles,
  type IncomingFiles,
  newImage,
  type NewImage,
  newImageVersion,
  type NewImageVersion,
} from '@beamdesk/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CurrentPerson } from '../../auth/current-person';
import type { Person } from '../../auth/person';
import { Policy } from '../../auth/policy';
import { ImageRegistry } from './image-registry';
import { ImageVersions } from './image-versions';
import { ImageViews } from './image-views';
import { Trials } from '../trial/trials';
import { Sources } from './sources';

const ID = { schema: catalogueId };
/** What is no number is no version: 404, as one that is not there. */
const VERSION = { schema: z.string().transform((text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0)) };

/** Software images, for facility admins. What changes one answers with it as it is then. */
@ApiTags('images')
@Controller('images')
@Policy('admin')
export class ImagesController {
  constructor(
    private readonly registry: ImageRegistry,
    private readonly versions: ImageVersions,
    private readonly views: ImageViews,
    private readonly sources: Sources,
    private readonly trials: Trials,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: imagesView })
  list(@CurrentPerson() { id }: Person): Promise<ImagesView> {
    return this.views.list(id);
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: imageView })
  async make(@CurrentPerson() person: Person, @Body({ schema: newImage }) image: NewImage): Promise<ImageView> {
    await this.registry.make(person, image);
    return this.views.one(image.id, person.id);
  }

  @Get('files')
  @ApiOkResponse({ standardSchema: incomingFiles })
  files(): Promise<IncomingFiles> {
    return this.sources.files();
  }

  @Get(':image')
  @ApiOkResponse({ standardSchema: imageView })
  one(@CurrentPerson() person: Person, @Param('image', ID) image: string): Promise<ImageView> {
    return this.views.one(image, person.id);
  }

  @Patch(':image')
  @ApiOkResponse({ standardSchema: imageView })
  async change(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Body({ schema: imageChange }) change: ImageChange,
  ): Promise<ImageView> {
    await this.registry.change(person, image, change);
    return this.views.one(image, person.id);
  }

  /** With its versions; 409 while a plan or a desktop holds on to it. */
  @Delete(':image')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentPerson() person: Person, @Param('image', ID) image: string): Promise<void> {
    return this.registry.remove(person, image);
  }

  /** Begins to take it in; how that goes is told by GET. */
  @Post(':image/versions')
  @ApiCreatedResponse({ standardSchema: imageView })
  async add(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Body({ schema: newImageVersion }) version: NewImageVersion,
  ): Promise<ImageView> {
    await this.versions.add(person, image, version);
    return this.views.one(image, person.id);
  }

  @Patch(':image/versions/:version')
  @ApiOkResponse({ standardSchema: imageView })
  async changeVersion(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
    @Body({ schema: imageTraitsChange }) change: ImageTraitsChange,
  ): Promise<ImageView> {
    await this.versions.change(person, image, version, change);
    return this.views.one(image, person.id);
  }

  @Delete(':image/versions/:version')
  @HttpCode(204)
  @ApiNoContentResponse()
  removeVersion(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
  ): Promise<void> {
    return this.versions.remove(person, image, version);
  }

  /** Launches use it from now on; the former one is retired. */
  @Post(':image/versions/:version/activate')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: imageView })
  async activate(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
  ): Promise<ImageView> {
    await this.versions.activate(person, image, version);
    return this.views.one(image, person.id);
  }

  @Post(':image/versions/:version/retire')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: imageView })
  async retire(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
  ): Promise<ImageView> {
    await this.versions.retire(person, image, version);
    return this.views.one(image, person.id);
  }

  /** Starts it for the caller alone; one that is under way already is what is answered. */
  @Post(':image/versions/:version/try')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: instanceView })
  try(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
    @Body({ schema: imageTrial.default({ network: 'none' }) }) wish: ImageTrial,
  ): Promise<InstanceView> {
    return this.trials.start(person, image, version, wish);
  }

  @Post(':image/versions/:version/abort')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: imageView })
  async abort(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
  ): Promise<ImageView> {
    await this.versions.abort(person, image, version);
    return this.views.one(image, person.id);
  }

  @Post(':image/versions/:version/retry')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: imageView })
  async retry(
    @CurrentPerson() person: Person,
    @Param('image', ID) image: string,
    @Param('version', VERSION) version: number,
  ): Promise<ImageView> {
    await this.versions.retry(person, image, version);
    return this.views.one(image, person.id);
  }
}
