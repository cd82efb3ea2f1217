import { errorBody } from '@beamdesk/contracts';
import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Policy } from '../auth/policy';

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

@ApiExcludeController()
@Controller('openapi.json')
export class OpenApiController {
  private document: OpenAPIObject | null = null;

  /** Called once when the app is complete: the document describes every route of it. */
  describe(app: INestApplication): void {
    const head = new DocumentBuilder()
      .setTitle('Beamdesk')
      .setDescription('What the portal asks the api. Requests that change something need our Origin and X-CSRF-Token.')
      .setVersion('1')
      .addCookieAuth('beamdesk')
      .addApiKey({ type: 'apiKey', in: 'header', name: 'X-CSRF-Token' }, 'csrf')
      .build();
    this.document = withErrors(SwaggerModule.createDocument(app, head));
  }

  @Get()
  @Policy('public')
  show(): OpenAPIObject {
    if (!this.document) throw new ServiceUnavailableException();
    return this.document;
  }
}

/** Every answer that is not described otherwise is an ErrorBody; what changes something needs the token. */
function withErrors(document: OpenAPIObject): OpenAPIObject {
  const { type, properties, required } = z.toJSONSchema(errorBody, { target: 'openapi-3.0' });
  const ErrorBody = { type, properties, required } as object;
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ErrorBody } };
  const error = { description: 'Any other answer', content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } } };
  for (const path of Object.values(document.paths)) {
    for (const verb of VERBS) {
      const operation = path[verb];
      if (!operation) continue;
      operation.responses = { ...operation.responses, default: error };
      operation.security = [verb === 'get' ? { cookie: [] } : { cookie: [], csrf: [] }];
    }
  }
  return document;
}
