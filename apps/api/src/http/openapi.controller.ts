import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Policy } from '../auth/policy';

@ApiExcludeController()
@Controller('openapi.json')
export class OpenApiController {
  private document: OpenAPIObject | null = null;

  /** Called once when the app is complete: the document describes every route of it. */
  describe(app: INestApplication): void {
    const head = new DocumentBuilder()
      .setTitle('Beamdesk')
      .setDescription('Every route, its body and its answers. Errors are ErrorBody; requests that change something need X-CSRF-Token.')
      .setVersion('0.1.0')
      .addCookieAuth('beamdesk')
      .build();
    this.document = SwaggerModule.createDocument(app, head);
  }

  @Get()
  @Policy('public')
  show(): OpenAPIObject {
    if (!this.document) throw new ServiceUnavailableException();
    return this.document;
  }
}
